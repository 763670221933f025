"""The words of a scorecard in Markdown, in both languages; what a drill's report says too is said there."""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "title": {"en": "Scorecard: {title}", "zh": "评分表：{title}"},
    "opened": {"en": "Opened {time} UTC, code {room}", "zh": "创建于 {time}（UTC），房间码 {room}"},
    "closed": {"en": "Closed {time} UTC", "zh": "关闭于 {time}（UTC）"},
    "joined": {"en": "Candidates: {count}", "zh": "候选人：{count}"},
    "nobody": {"en": "Nobody has joined yet.", "zh": "还没有人加入。"},
    "running": {"en": "Not all drills have ended; this is how they stand.", "zh": "并非所有练习都已结束，以下是目前的情况。"},
    "candidates": {"en": "Candidates", "zh": "候选人"},
    "candidate": {"en": "Candidate", "zh": "候选人"},
    "guest": {"en": "{name} (guest)", "zh": "{name}（访客）"},
    "began": {"en": "Began (UTC)", "zh": "开始时间（UTC）"},
    "state": {"en": "State", "zh": "状态"},
    "running drill": {"en": "running", "zh": "进行中"},
    "paused drill": {"en": "paused", "zh": "已暂停"},
    "finished drill": {"en": "finished", "zh": "已结束"},
    "credit": {"en": "Credit", "zh": "得分"},
    "of": {"en": "{credit} of {possible}", "zh": "{credit} / {possible}"},
    "share": {"en": "Score", "zh": "得分率"},
    "late": {"en": "Late", "zh": "迟交"},
    "hints": {"en": "Hints", "zh": "提示"},
    "mark": {"en": "Mark", "zh": "教练评分"},
    "problems": {"en": "Problems", "zh": "题目"},
    "problem": {"en": "Problem", "zh": "题目"},
    "level": {"en": "Level", "zh": "级别"},
    "key": {"en": "Right would be", "zh": "正确答案"},
    "right": {"en": "Right", "zh": "答对"},
    "median": {"en": "Median time", "zh": "用时中位数"},
    "expected": {"en": "Expected", "zh": "预期"},
    "mistakes": {"en": "Mistakes", "zh": "错误分析"},
    "mistake": {
        "en": "**{mistake}** in problem {position}, candidates: {count}.",
        "zh": "**{mistake}**，第 {position} 题，共 {count} 人。",
    },
    "no mistakes": {"en": "No answer shows a known mistake.", "zh": "没有发现已知的错误类型。"},
    "verdict": {"en": "Verdict", "zh": "结果"},
    "answer": {"en": "Answer", "zh": "答案"},
    "time": {"en": "Time", "zh": "用时"},
    "mistake made": {"en": "Mistake", "zh": "错误"},
    "unreached": {"en": "not reached", "zh": "未做到"},
    "unanswered": {"en": "unanswered", "zh": "未作答"},
    "revealed": {"en": "{verdict}, then had the solution", "zh": "{verdict}，之后看了解答"},
    "self-assessed": {"en": "{title} (self-assessed)", "zh": "{title}（自评）"},
    "own words": {"en": "In their own words, problem {position}:", "zh": "第 {position} 题的陈述："},
    "asked": {"en": "After problem {position}: {question}", "zh": "第 {position} 题的追问：{question}"},
    "asked gone": {"en": "After problem {position}", "zh": "第 {position} 题之后"},
    "unsaid": {"en": "No answer to it.", "zh": "追问没有作答。"},
    "marked": {"en": "Mark: {mark}", "zh": "评分：{mark}"},
    "questions": {"en": "What was asked", "zh": "题目内容"},
    "asked nothing": {"en": "Its family is no longer installed.", "zh": "这道题所属的题型已不再安装。"},
    "follow-up": {"en": "Then: {question}", "zh": "追问：{question}"},
    "remark": {"en": "Remark:", "zh": "评语："},
}


def words(code: str, language: Language, **values: object) -> str:
    """Return the words of a code with its values filled in."""
    return _TEXTS[code][language].format(**values)
