"""The one table of what can go wrong over HTTP: code -> status, title and detail in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.edge.languages import Language


@dataclass(frozen=True, slots=True)
class Text:
    """A title, a detail with `{values}` in it, and a sentence that is added when all of its values are there."""

    title: str
    detail: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of error: its status and its words."""

    status: int
    en: Text
    zh: Text

    def text(self, language: Language) -> Text:
        """Return the words in one language."""
        return self.zh if language == "zh" else self.en


TABLE: Final[dict[str, Entry]] = {
    "bad-request": Entry(
        400,
        Text("Bad request", "The request can't be read as HTTP."),
        Text("请求有误", "无法读取该请求。"),
    ),
    "malformed-json": Entry(
        400,
        Text("Malformed JSON", "The body is not JSON in UTF-8."),
        Text("JSON 格式错误", "请求体不是 UTF-8 编码的 JSON。"),
    ),
    "unauthenticated": Entry(
        401,
        Text("Token needed", "Send a valid token: Authorization: Bearer …. This one is missing, unknown or no longer valid."),
        Text("需要令牌", "请发送有效令牌：Authorization: Bearer …。该令牌缺失、未知或已失效。"),
    ),
    "forbidden": Entry(
        403,
        Text("Not allowed", "Your role doesn't allow this.", "It needs the role {role}."),
        Text("无权限", "你的角色不允许此操作。", "需要的角色：{role}。"),
    ),
    "registration-closed": Entry(
        403,
        Text("Registration is closed", "Accounts are made by whoever runs this service, from the list of a class."),
        Text("注册已关闭", "账号由本服务的管理方根据班级名单创建。"),
    ),
    "forged-form": Entry(
        403,
        Text("This form is out of date", "Go back, load the page again, and send the form from there."),
        Text("表单已过期", "请返回，重新加载页面，再从那里提交表单。"),
    ),
    "guest": Entry(
        403,
        Text(
            "Good for one room",
            "You joined a room with a name alone: your token is good for that room's drill. Ask for an account.",
        ),
        Text("仅限该房间", "你是仅凭姓名加入房间的：你的令牌只能用于该房间的练习。如需更多，请申请账号。"),
    ),
    "foreign-origin": Entry(
        403,
        Text("Foreign origin", "This server answers pages of this machine only; another website sent this request."),
        Text("来源不符", "本服务器只回应本机页面；此请求来自其他网站。"),
    ),
    "not-found": Entry(
        404,
        Text("Not found", "There is nothing here, or it isn't yours."),
        Text("未找到", "此处没有内容，或它不属于你。"),
    ),
    "unknown-family": Entry(
        404,
        Text("Unknown family", "There is no such problem family.", "“{slug}” is near to: {near}."),
        Text("未知题型", "没有这个题型。", "与“{slug}”相近的有：{near}。"),
    ),
    "unknown-topic": Entry(
        404,
        Text("Unknown topic", "There is no such topic.", "There is no “{topic}”. The topics are: {known}."),
        Text("未知主题", "没有这个主题。", "没有“{topic}”。主题有：{known}。"),
    ),
    "not-yet": Entry(
        404,
        Text(
            "Still to come", "The problem of that day comes at its beginning, in UTC.", "It is there from {day}T00:00:00Z on."
        ),
        Text("尚未公布", "每日一题在当天（UTC）零点公布。", "该题将于 {day}T00:00:00Z 公布。"),
    ),
    "method-not-allowed": Entry(
        405,
        Text("Method not allowed", "This address doesn't take that method; the Allow header lists those it takes."),
        Text("方法不允许", "此地址不接受该方法；可用方法见 Allow 标头。"),
    ),
    "not-acceptable": Entry(
        406,
        Text("Not acceptable", "This can't be had in any format that the Accept header names."),
        Text("格式不可用", "无法提供 Accept 标头所要求的格式。"),
    ),
    "last-admin": Entry(
        409,
        Text("The last admin", "Nobody else is an admin. Give somebody else the role first; nothing was changed."),
        Text("最后一位管理员", "没有其他管理员了。请先将该角色授予他人；没有做任何更改。"),
    ),
    "too-slow": Entry(
        408,
        Text("Too slow", "The request didn't arrive in time.", "All of it must come within {seconds} seconds."),
        Text("请求超时", "请求未能及时送达。", "须在 {seconds} 秒内全部送达。"),
    ),
    "drill-finished": Entry(
        409,
        Text("Drill finished", "This drill has ended. See its report, or start another one."),
        Text("练习已结束", "这次练习已经结束。可以查看报告，或开始新的练习。"),
    ),
    "drill-paused": Entry(
        409,
        Text("Drill paused", "This drill is paused. Resume it first; nothing of what you sent was stored."),
        Text("练习已暂停", "这次练习处于暂停状态。请先继续练习；刚才发送的内容没有保存。"),
    ),
    "drill-running": Entry(
        409,
        Text("Drill running", "This drill is not paused, so there is nothing to resume."),
        Text("练习进行中", "这次练习没有暂停，无需继续。"),
    ),
    "drill-complete": Entry(
        409,
        Text("No more problems", "Every problem of this drill was handed out. Finish it to see the report."),
        Text("没有更多题目", "这次练习的题目已全部给出。结束练习即可查看报告。"),
    ),
    "pause-not-allowed": Entry(
        409,
        Text("No pause here", "This drill can't be paused: its blueprint doesn't allow it."),
        Text("不可暂停", "这次练习的设置不允许暂停。"),
    ),
    "hints-off": Entry(
        409,
        Text("No hints here", "This drill gives no hints: its blueprint doesn't allow them."),
        Text("没有提示", "这次练习的设置不提供提示。"),
    ),
    "withheld": Entry(
        409,
        Text(
            "At the end",
            "This drill gives its feedback at the end. Finish it, then ask again.",
            "It asks a problem of the family {family}.",
        ),
        Text("结束后公布", "这次练习在结束后才公布结果。请先结束练习，再来查看。", "练习中有题型 {family} 的题目。"),
    ),
    "answer-first": Entry(
        409,
        Text("Answer first", "The question that follows a problem is asked once you have answered the problem."),
        Text("请先作答", "先回答这道题，之后才会给出追问。"),
    ),
    "room-closed": Entry(
        409,
        Text("Room closed", "This room is closed and takes nobody in any more. Ask its coach for a new code."),
        Text("房间已关闭", "这个房间已关闭，不再接受加入。请向教练索取新的房间码。"),
    ),
    "nothing-due": Entry(
        409,
        Text(
            "Nothing is due",
            "There is nothing to review now. Any other problem is welcome.",
            "The next review is due at {due}.",
        ),
        Text("暂无复习", "现在没有需要复习的内容，可以练习其他题目。", "下一次复习时间：{due}。"),
    ),
    "too-many-reports": Entry(
        409,
        Text("Too many reports", "Your earlier problem reports wait for an answer. Send more once some of them have one."),
        Text("报告过多", "你之前提交的题目报告还在等待处理。其中一些处理完后，再提交新的报告。"),
    ),
    "family-unavailable": Entry(
        410,
        Text("Family unavailable", "This problem's family is no longer installed. Its attempts are kept."),
        Text("题型不可用", "此题的题型已不再安装。已有的作答仍保留。"),
    ),
    "body-too-large": Entry(
        413,
        Text("Body too large", "The body is larger than the server takes.", "The limit is {limit} bytes."),
        Text("请求体过大", "请求体超过服务器的上限。", "上限为 {limit} 字节。"),
    ),
    "address-too-long": Entry(
        414,
        Text("Address too long", "The address is longer than the server takes.", "The limit is {limit} bytes."),
        Text("地址过长", "请求地址超过服务器的上限。", "上限为 {limit} 字节。"),
    ),
    "encoded-body": Entry(
        415,
        Text("Encoded body", "Send the body as it is, without Content-Encoding."),
        Text("请求体已编码", "请直接发送请求体，不要使用 Content-Encoding。"),
    ),
    "unsupported-media-type": Entry(
        415,
        Text("Unsupported media type", "Send the body as application/json in UTF-8."),
        Text("不支持的媒体类型", "请以 UTF-8 编码的 application/json 发送请求体。"),
    ),
    "foreign-host": Entry(
        421,
        Text("Foreign host", "This server answers to localhost and loopback addresses (127.0.0.1, [::1]) only."),
        Text("主机名不符", "本服务器只回应 localhost 和环回地址（127.0.0.1、[::1]）。"),
    ),
    "invalid-input": Entry(
        422,
        Text("Invalid input", "The request was understood, but something in it is not allowed; see errors."),
        Text("输入无效", "请求可以读懂，但其中有不允许的内容；请看 errors。"),
    ),
    "unreadable-answer": Entry(
        422,
        Text("Unreadable answer", "The answer can't be read. Nothing was stored and no try was used up."),
        Text("无法读取答案", "无法读取该答案。没有保存任何内容，也不计入次数。"),
    ),
    "unknown-time-zone": Entry(
        422,
        Text(
            "Unknown time zone",
            "Give an IANA name in its exact spelling, such as Asia/Shanghai or Europe/London.",
            "“{zone}” isn't one.",
        ),
        Text("未知时区", "请填写 IANA 时区的准确名称，例如 Asia/Shanghai 或 Europe/London。", "“{zone}”不是有效的时区名称。"),
    ),
    "unsatisfiable-blueprint": Entry(
        422,
        Text("Nothing fits", "No problem meets all of these conditions; see errors for the one that leaves nothing."),
        Text("没有符合的题目", "没有题目同时符合这些条件；errors 指出了是哪一项条件导致的。"),
    ),
    "idempotency-key-reused": Entry(
        422,
        Text("Idempotency key reused", "This Idempotency-Key came before with another request. Use a new key."),
        Text("幂等键重复使用", "该 Idempotency-Key 已用于另一请求。请换一个新键。"),
    ),
    "headers-too-large": Entry(
        431,
        Text("Headers too large", "The request has more headers than the server takes.", "The limit is {limit} bytes."),
        Text("请求头过大", "请求头超过服务器的上限。", "合计上限为 {limit} 字节。"),
    ),
    "rate-limited": Entry(
        429,
        Text("Too many requests", "Slow down.", "Try again in {retry_after} seconds."),
        Text("请求过多", "请放慢速度。", "请在 {retry_after} 秒后重试。"),
    ),
    "internal": Entry(
        500,
        Text("Server error", "Something failed on our side. Report the request_id if it happens again."),
        Text("服务器错误", "服务器出现故障。若再次发生，请报告 request_id。"),
    ),
    "overloaded": Entry(
        503,
        Text("Busy", "More work is queued than the server takes on.", "Try again in {retry_after} seconds."),
        Text("服务繁忙", "排队的任务超过了服务器的上限。", "请在 {retry_after} 秒后重试。"),
    ),
    "unavailable": Entry(
        503,
        Text("Unavailable", "The database can't be used right now. Try again soon."),
        Text("暂不可用", "数据库目前无法使用。请稍后重试。"),
    ),
    "storage-full": Entry(
        507,
        Text("Storage full", "There is no room left to store this, and nothing of it was stored. What is stored can be read."),
        Text("存储空间已满", "没有空间保存此内容，因此什么都没有保存。已有的内容仍可读取。"),
    ),
}

# What the framework raises by status alone.
CODE_OF_STATUS: Final[dict[int, str]] = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-input",
    429: "rate-limited",
    503: "unavailable",
}
