"""The words of a report in Markdown, in both languages."""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "title": {"en": "Drill report", "zh": "练习报告"},
    "title of": {"en": "Drill report: {preset}", "zh": "练习报告：{preset}"},
    "running": {"en": "This drill is still running; this is how it stands.", "zh": "这次练习尚未结束，以下是目前的情况。"},
    "began": {"en": "Began {time} UTC", "zh": "开始于 {time}（UTC）"},
    "score": {"en": "**{credit} of {possible}** ({share})", "zh": "**{credit} / {possible}**（{share}）"},
    "nothing": {"en": "No problem was handed out.", "zh": "没有给出任何题目。"},
    "counts": {
        "en": "Right {right} · partly right {partly_right} · wrong {wrong} · too few digits {too_coarse}"
        " · unanswered {unanswered}",
        "zh": "正确 {right} · 部分正确 {partly_right} · 错误 {wrong} · 位数不足 {too_coarse} · 未作答 {unanswered}",
    },
    "never reached": {
        "en": "Never reached: {count}; they count as unanswered.",
        "zh": "没有做到的题目：{count} 道，按未作答计。",
    },
    "late": {
        "en": "Answers after the end: {count}; they were judged and don't count.",
        "zh": "结束后提交的答案：{count} 个，已判定，但不计分。",
    },
    "time of": {"en": "Time: {used} of {allowed}", "zh": "用时：{used}，限时 {allowed}"},
    "time": {"en": "Time: {used}", "zh": "用时：{used}"},
    # Tables.
    "by topic": {"en": "By topic", "zh": "按主题"},
    "by family": {"en": "By family", "zh": "按题型"},
    "topic": {"en": "Topic", "zh": "主题"},
    "family": {"en": "Family", "zh": "题型"},
    "problems": {"en": "Problems", "zh": "题目"},
    "credit": {"en": "Credit", "zh": "得分"},
    "first right": {"en": "Right at once", "zh": "首答正确"},
    "pace": {"en": "Time to expected", "zh": "用时与预期之比"},
    "problem": {"en": "Problem", "zh": "题目"},
    "level": {"en": "Level", "zh": "级别"},
    "verdict": {"en": "Verdict", "zh": "结果"},
    "tries": {"en": "Tries", "zh": "次数"},
    "hints": {"en": "Hints", "zh": "提示"},
    "seconds": {"en": "Time", "zh": "用时"},
    "expected": {"en": "Expected", "zh": "预期"},
    # Verdicts.
    "right": {"en": "right", "zh": "正确"},
    "partly_right": {"en": "partly right", "zh": "部分正确"},
    "wrong": {"en": "wrong", "zh": "错误"},
    "too_coarse": {"en": "too few digits", "zh": "位数不足"},
    "unanswered": {"en": "unanswered", "zh": "未作答"},
    # Problem by problem.
    "each": {"en": "Problem by problem", "zh": "逐题回顾"},
    "came of it": {"en": "What came of it:", "zh": "作答情况："},
    "answer": {"en": "Answer {number}: {answer} – {verdict}", "zh": "第 {number} 次作答：{answer}——{verdict}"},
    "parts": {"en": " ({parts})", "zh": "（{parts}）"},
    "part": {"en": "{name} {verdict}", "zh": "{name} {verdict}"},
    "self-assessed": {"en": "You assessed this one yourself.", "zh": "本题由你自评。"},
    "uncounted": {"en": " (doesn't count)", "zh": "（不计分）"},
    "was late": {"en": " (after the end, doesn't count)", "zh": "（结束后提交，不计分）"},
    "no answer": {"en": "No answer.", "zh": "没有作答。"},
    "revealed": {"en": "You asked for the solution.", "zh": "你查看了解答。"},
    "truth": {"en": "The right answer: {truth}", "zh": "正确答案：{truth}"},
    "sure": {"en": "You were {confidence} sure.", "zh": "你的把握：{confidence}。"},
    "solution": {"en": "Worked solution: `POST {path}`", "zh": "解题过程：`POST {path}`"},
    "follow-up": {"en": "Then asked: {question}", "zh": "追问：{question}"},
    "follow-up gone": {"en": "A follow-up question was asked.", "zh": "还有一道追问。"},
    "unsaid": {"en": "No answer to it.", "zh": "追问没有作答。"},
    "said": {"en": "Said to it:", "zh": "追问的回答："},
    "mark": {"en": "The coach's mark: {mark}", "zh": "教练评分：{mark}"},
    "remark": {"en": "The coach's remark:", "zh": "教练评语："},
    # Mistakes.
    "mistakes": {"en": "Mistakes", "zh": "错误分析"},
    "mistake": {"en": "**{code}** – {title}: problem {positions}", "zh": "**{code}**——{title}：第 {positions} 题"},
    "no mistakes": {"en": "No answer shows a known mistake.", "zh": "没有发现已知的错误类型。"},
    # What to practise next.
    "next": {"en": "What to practise next", "zh": "接下来练什么"},
    "nothing weak": {
        "en": "Nothing stands out. Ask for a good next problem: `POST /v1/problems` with `{}`.",
        "zh": "没有明显的薄弱之处。可以请系统推荐下一题：`POST /v1/problems`，请求体 `{}`。",
    },
    "weakness": {"en": "**{title}**: {reasons}.", "zh": "**{title}**：{reasons}。"},
    "reason credit": {"en": "not all of it was right", "zh": "没有全部答对"},
    "reason unanswered": {"en": "an answer is missing", "zh": "有题目未作答"},
    "reason misconception": {"en": "a known mistake came up", "zh": "出现了已知的错误"},
    "reason slow": {"en": "it took long", "zh": "用时偏长"},
    "one of them": {
        "en": "One of its problems: `POST /v1/problems` with {body}",
        "zh": "做一道：`POST /v1/problems`，请求体 {body}",
    },
    "weakest topic": {"en": "The weakest topic: {topic}.", "zh": "最薄弱的主题：{topic}。"},
    "drill on": {"en": "As a drill: `POST /v1/drills` with {body}", "zh": "集中练习：`POST /v1/drills`，请求体 {body}"},
    # Earlier drills.
    "compared": {"en": "Beside earlier drills", "zh": "与以往练习相比"},
    "same preset": {"en": "With your earlier drills of the same preset:", "zh": "与你之前同一预设的练习相比："},
    "any drill": {"en": "With your earlier drills of any kind:", "zh": "与你之前的各种练习相比："},
    "no earlier": {"en": "This is the first one.", "zh": "这是第一次练习。"},
    "drill": {"en": "Drill", "zh": "练习"},
    "share": {"en": "Score", "zh": "得分率"},
    "median pace": {"en": "Median time to expected", "zh": "用时与预期之比（中位数）"},
    "this one": {"en": "This one", "zh": "本次"},
    "trend": {"en": "Trend: {points} percentage points a drill.", "zh": "趋势：每次练习 {points} 个百分点。"},
    # Calibration.
    "calibration": {"en": "How well you knew what you know", "zh": "你对自己的判断有多准"},
    "calibrated": {
        "en": "Answers with a confidence: {count}. Your log loss is {log_loss}; always saying {base_rate} would have lost"
        " {base_log_loss} nats. Your Brier score is {brier}.",
        "zh": "给出把握的作答：{count} 次。你的对数损失为{log_loss}；若每次都说 {base_rate}，损失为 {base_log_loss} 奈特。"
        "Brier 分数为 {brier}。",
    },
    "nats": {"en": "{loss} nats", "zh": " {loss} 奈特"},
    "certain and wrong": {
        "en": "infinite, for an answer that you were certain about was not right",
        "zh": "无穷大，因为有一次你完全有把握，却没有答对",
    },
}


def text(code: str, language: Language, /, **values: object) -> str:
    """Return the words of a code with its values filled in."""
    words = _TEXTS[code][language]
    return words.format(**values) if values else words


def joined(sentences: list[str], language: Language) -> str:
    """Return sentences one after the other: Chinese is written without spaces between them."""
    return ("" if language == "zh" else " ").join(sentences)


def listed(names: list[str], language: Language) -> str:
    """Return names as a list on one line."""
    return ("、" if language == "zh" else ", ").join(names)
