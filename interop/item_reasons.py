"""Reasons that concern one item: one question, one page, one picture."""

from __future__ import annotations

ITEM_REASONS: dict[str, dict[str, str]] = {
    "does_not_hold": {
        "en": "What came out does not hold here: {why}",
        "zh-hans": "转换结果在本系统中不成立：{why}",
    },
    "table_merged": {
        "en": "Merged cells of a table were parted.",
        "zh-hans": "表格中的合并单元格已拆开。",
    },
    "flattened": {
        "en": "A table, list or block of code became lines of words.",
        "zh-hans": "表格、列表或代码块已变成普通文字行。",
    },
    "marks_parted": {
        "en": "Marks that mean something here ({{{{, [[, [^, :::) got a space in between.",
        "zh-hans": "在本系统中有特殊含义的记号（{{{{、[[、[^、:::）之间加了空格。",
    },
    "media_left_out": {
        "en": "Sound, film or something embedded was left out: {name}.",
        "zh-hans": "声音、影片或嵌入内容未导入：{name}。",
    },
    "picture_left_out": {
        "en": "The picture `{name}` was left out: {why}",
        "zh-hans": "图片“{name}”未导入：{why}",
    },
    "picture_not_drawn": {
        "en": "The picture `{name}` was left out: courses draw SVG only.",
        "zh-hans": "图片“{name}”未导入：课程只支持 SVG 图形。",
    },
    "picture_missing": {
        "en": "The picture `{name}` is not in the file.",
        "zh-hans": "文件中没有图片“{name}”。",
    },
    "picture_as_words": {
        "en": "The picture `{name}` stands among words, where none can be; its description stayed.",
        "zh-hans": "图片“{name}”位于不能放图片的文字之间，只保留了它的说明。",
    },
    "link_left_out": {
        "en": "A link to `{address}` was left out; its words stayed.",
        "zh-hans": "指向“{address}”的链接未导入，只保留了文字。",
    },
    "script_flattened": {
        "en": "Raised or lowered words stand on the line now.",
        "zh-hans": "上标或下标文字已变成普通文字。",
    },
    "formula_as_words": {
        "en": "A formula became plain words ({name}).",
        "zh-hans": "公式已变成普通文字（{name}）。",
    },
    "slow_not_proved": {
        "en": "It runs programs, and was not proved on its way in.",
        "zh-hans": "该练习需要运行程序，导入时未作证明。",
    },
}
