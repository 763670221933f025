"""What the terminal says, in both languages."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "zh"]

_TEXTS: Final[dict[str, dict[Language, str]]] = {
    "progress": {"en": "Problem {position}/{total}", "zh": "第 {position}/{total} 题"},
    "level": {"en": "level {level}", "zh": "第 {level} 级"},
    "expected": {"en": "about {seconds} s", "zh": "约 {seconds} 秒"},
    "left": {"en": "{time} left", "zh": "剩余 {time}"},
    "over": {"en": "time is over (Enter: report)", "zh": "时间到（回车查看报告）"},
    "paused": {"en": "paused", "zh": "已暂停"},
    "keys": {"en": "? help", "zh": "? 帮助"},
    "digits": {"en": "{count} digits", "zh": "{count} 位有效数字"},
    "vector": {"en": "{count} numbers", "zh": "{count} 个数"},
    "matrix": {"en": "{rows} × {columns} numbers", "zh": "{rows} × {columns} 个数"},
    "asked": {"en": "{label} ({wanted})", "zh": "{label}（{wanted}）"},
    "comma": {"en": ", ", "zh": "，"},
    "choice": {"en": "a letter", "zh": "一个字母"},
    "multi_select": {"en": "letters", "zh": "若干字母"},
    "ordering": {"en": "all letters in order", "zh": "按顺序写出所有字母"},
    "matching": {"en": "a letter for each item", "zh": "每项一个字母"},
    "rubric": {"en": "in your own words", "zh": "用自己的话"},
    "points": {"en": "Letters of what you covered (Enter: none)", "zh": "你讲到的要点的字母（回车：没有）"},
    "sure": {"en": "How sure are you, 0–100 %? (Enter: no answer)", "zh": "你有多大把握（0–100 %）？（回车跳过）"},
    "not-sure": {"en": "Give a number from 0 to 100, or only Enter.", "zh": "请输入 0 到 100 的数，或直接按回车。"},
    "right": {"en": "right", "zh": "正确"},
    "partly_right": {"en": "partly right", "zh": "部分正确"},
    "wrong": {"en": "not right", "zh": "不正确"},
    "too_coarse": {"en": "too coarse", "zh": "精度不够"},
    "noted": {"en": "noted", "zh": "已记录"},
    "late": {
        "en": "Late: it came after the end. It is stored and judged, but doesn't count.",
        "zh": "迟交：答案在结束之后才到。已保存并判分，但不计入成绩。",
    },
    "uncounted": {"en": "It is stored, but doesn't count.", "zh": "已保存，但不计入成绩。"},
    "hint": {"en": "Hint: {text}", "zh": "提示：{text}"},
    "asked-next": {"en": "And then an interviewer asks:", "zh": "面试官接着问："},
    "your-words": {"en": "In your own words (Enter: skip)", "zh": "用自己的话回答（回车跳过）"},
    "kept": {"en": "Kept for the report.", "zh": "已保存，报告中可见。"},
    "go-on-or-solution": {"en": "Enter goes on; s shows the solution", "zh": "按回车继续；s 查看解答"},
    "go-on": {"en": "Enter goes on", "zh": "按回车继续"},
    "paused-now": {"en": "The clock stands still. Enter goes on.", "zh": "计时已停止。按回车继续。"},
    "really": {"en": "End the drill now? Type y for yes", "zh": "现在结束练习吗？输入 y 确认"},
    "unfinished": {
        "en": "You have an unfinished drill ({which}). Go on with it? Type n for a new one",
        "zh": "你有一次未完成的练习（{which}）。继续吗？输入 n 开始新的练习",
    },
    "none-unfinished": {"en": "There is no unfinished drill.", "zh": "没有未完成的练习。"},
    "own-choice": {"en": "own choice", "zh": "自选"},
    "started": {"en": "{which}: {terms}", "zh": "{which}：{terms}"},
    "no-limit": {"en": "no time limit", "zh": "不限时"},
    "at-end": {"en": "results at the end", "zh": "结束后公布结果"},
    "at-once": {"en": "results at once", "zh": "立即公布结果"},
    "how-many": {"en": "problems: {count}", "zh": "共 {count} 题"},
    "try-again": {"en": "{reason} Enter tries again; Ctrl-C leaves.", "zh": "{reason} 按回车重试，Ctrl-C 离开。"},
    "come-back": {
        "en": "Everything that you sent is kept. To go on:",
        "zh": "已发送的内容都已保存。继续练习：",
    },
    "your-token": {
        "en": "Your token, shown this once; keep it to come back:",
        "zh": "这是你的令牌，仅显示一次；请保存以便回来继续：",
    },
    "report": {"en": "Report", "zh": "报告"},
    "score": {"en": "{credit} of {possible} points ({share})", "zh": "得分 {credit}/{possible}（{share}）"},
    "unanswered": {"en": "unanswered", "zh": "未作答"},
    "late-count": {"en": "late", "zh": "迟交"},
    "took": {"en": "Time: {used}", "zh": "用时：{used}"},
    "took-of": {"en": "Time: {used} of {allowed}", "zh": "用时：{used}，限时 {allowed}"},
    "problem": {"en": "Problem", "zh": "题目"},
    "time": {"en": "Time / usual", "zh": "用时 / 预期"},
    "truth": {"en": "{position}. Right would be: {truth}", "zh": "{position}. 正确答案：{truth}"},
    "topic": {"en": "Topic", "zh": "主题"},
    "credit": {"en": "Points", "zh": "得分"},
    "first": {"en": "First try", "zh": "首次答对"},
    "mistakes": {"en": "What went wrong, and why", "zh": "出错之处及原因"},
    "next": {"en": "What to practise next", "zh": "接下来练什么"},
    "look-up": {"en": "The number of a problem shows its solution; Enter ends", "zh": "输入题号查看解答；回车结束"},
    "compared": {
        "en": "Compared with your drill before: {change} percentage points.",
        "zh": "与上一次练习相比：{change} 个百分点。",
    },
    "calibrated": {
        "en": "Your confidence in {count} answers: log loss {log_loss} nats, Brier score {brier}.",
        "zh": "你对 {count} 个答案的把握：对数损失 {log_loss} 奈特，Brier 分数 {brier}。",
    },
    "new-file": {"en": "Started a new file: {where}", "zh": "已新建数据文件：{where}"},
}

_HELP: Final[dict[Language, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("Enter", "send the answer"),
        ("?", "this help"),
        ("h", "a hint"),
        ("s", "the solution; the problem counts no more"),
        ("n", "next problem"),
        ("p", "pause"),
        ("q", "end the drill and see the report"),
        ("Ctrl-C", "leave; the drill can be gone on with"),
        ("", "Numbers: 0.357, 1/3, -ln(0.7), 0.51 bits. Several: with commas, or one after another."),
        ("", "Where a letter of these is an option too, put a colon before it: :h"),
    ),
    "zh": (
        ("回车", "提交答案"),
        ("?", "显示本帮助"),
        ("h", "提示"),
        ("s", "查看解答；此题不再计分"),
        ("n", "下一题"),
        ("p", "暂停"),
        ("q", "结束练习并查看报告"),
        ("Ctrl-C", "离开；之后可以继续"),
        ("", "数字写法：0.357、1/3、-ln(0.7)、0.51 bits。多个数用逗号隔开，或逐个输入。"),
        ("", "如果字母同时也是选项，请在前面加冒号，例如 :h"),
    ),
}


def say(code: str, language: Language, **values: object) -> str:
    """Return the sentence of a code with its values filled in."""
    return _TEXTS[code][language].format(**values)


def keys(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the keys with what each does; what has no key is said below them."""
    return _HELP[language]
