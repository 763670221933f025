"""What parameters and presets of the bank are called on the pages.

In English a name says it by itself. In Chinese it stands behind its translation, for what is wrong with a parameter refers
to others by their names.
"""

from __future__ import annotations

from typing import Final

from quiz_bank.problem import Language

PARAMETERS: Final = {
    "accuracies": "各组准确率",
    "alpha": "类别权重",
    "bias": "偏置",
    "characters": "字符数",
    "classes": "类别数",
    "confidences": "各组平均置信度",
    "cost_false_negative": "漏报代价",
    "cost_false_positive": "误报代价",
    "counts": "计数",
    "entropy": "熵",
    "epsilon": "epsilon",
    "first_losses": "第一个序列的损失",
    "float_type": "浮点类型",
    "from_base": "原对数底",
    "gamma": "聚焦参数",
    "given": "给出的是",
    "gradient": "梯度",
    "hard_weight": "硬标签权重",
    "ignore_index": "忽略的标签",
    "inputs": "输入",
    "label": "标签",
    "labels": "标签",
    "learning_rate": "学习率",
    "log_base": "对数底",
    "logit": "logit",
    "logits": "logits",
    "loss": "损失",
    "losses": "各批损失",
    "missing": "缺失的位置",
    "perplexities": "困惑度",
    "pos_weight": "正类权重",
    "positive": "正例的位置",
    "positives": "正例数",
    "prediction": "预测",
    "predictions": "各样本的预测",
    "probabilities": "概率",
    "probability": "概率",
    "quantity": "要算的量",
    "reduction": "归约方式",
    "score": "得分",
    "second_losses": "第二个序列的损失",
    "shift": "平移量",
    "shifted_class": "平移的类别",
    "similarities": "相似度",
    "smoothing": "平滑方式",
    "surprisal": "惊讶度",
    "table": "联合概率表",
    "target": "目标",
    "targets": "各样本的类别",
    "task": "任务",
    "teacher_logits": "教师的 logits",
    "temperature": "温度",
    "threshold": "阈值",
    "to_base": "新对数底",
    "tokens": "词元数",
    "total": "总数",
    "weight_matrix": "权重矩阵",
    "weights": "类别权重",
}
"""Each parameter in Chinese."""

PRESETS: Final = {
    "all-ignored": "全部忽略",
    "all-ignored-sum": "全部忽略，求和",
    "animals-early": "五种动物，训练初期",
    "animals-late": "五种动物，训练之后",
    "article-as-printed": "文章所印的",
    "article-close": "文章：险胜",
    "article-correct": "文章：答对",
    "article-focal": "文章：focal loss",
    "article-smoothing": "文章：标签平滑",
    "article-weights": "文章：类别权重",
    "article-wrong": "文章：答错",
    "certain": "几乎必然",
    "digits": "十个数字",
    "forest": "森林",
    "forest-dog": "森林里的狗",
    "half": "一半",
    "imagenet": "ImageNet",
    "in-bits": "以比特计",
    "loaded-coin": "灌铅硬币",
    "medium": "中等",
    "minus-thousand": "负一千",
    "mixup": "mixup",
    "moco": "MoCo",
    "mock-question": "模拟面试题",
    "multi-class": "多分类",
    "multi-label": "多标签",
    "one-and-a-half": "一点五",
    "one-hot": "one-hot",
    "one-hundred": "一百",
    "one-in-four": "四分之一为正",
    "one-more-softmax": "多了一次 softmax",
    "padded": "带填充",
    "panda": "熊猫",
    "paper-default": "论文默认值",
    "quarter": "四分之一",
    "rare": "罕见事件",
    "saturated-right": "饱和且答对",
    "saturated-wrong": "饱和且答错",
    "smoothed": "平滑后",
    "ten-classes": "十个类别",
    "thousand": "一千",
    "three": "三个",
    "three-bits": "三比特",
    "three-classes": "三个类别",
    "three-classes-others": "三个类别，分给其余",
    "three-pairs": "三对",
    "three-routes": "三条路",
    "two-classes": "两个类别",
    "two-pairs": "两对",
    "uniform": "均匀分布",
    "vocabulary": "词表",
    "weather": "天气预报",
    "weather-a": "天气预报员甲",
    "weather-b": "天气预报员乙",
    "weighted-mean": "加权平均",
}
"""Each preset in Chinese."""


_SPELT: Final = {"imagenet": "ImageNet", "moco": "MoCo", "mixup": "mixup", "weather-a": "Weather A", "weather-b": "Weather B"}
"""Names that aren't written as plain words are."""


def parameter_label(name: str, language: Language) -> str:
    """Return what a parameter is called; the words of its name where it has no translation."""
    plain = _capital(name.replace("_", " "))
    chinese = PARAMETERS.get(name, name)
    if language == "en":
        return plain
    return name if chinese == name else f"{chinese}（{name}）"


def preset_label(name: str, language: Language) -> str:
    """Return what a preset is called; the words of its name where it has no translation."""
    plain = _SPELT.get(name) or _capital(name.replace("-", " "))
    return plain if language == "en" else PRESETS.get(name, plain)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
