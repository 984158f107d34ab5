"""Reasons that concern a whole archive or a whole XML document."""

from __future__ import annotations

ARCHIVE_REASONS: dict[str, dict[str, str]] = {
    "empty_file": {"en": "The file is empty.", "zh-hans": "文件是空的。"},
    "too_large": {
        "en": "The file is larger than {most}.",
        "zh-hans": "文件大于 {most}。",
    },
    "unknown_archive": {
        "en": "This is neither a zip nor a tar archive.",
        "zh-hans": "这既不是 zip 归档，也不是 tar 归档。",
    },
    "damaged_archive": {
        "en": "The archive is damaged or cut off.",
        "zh-hans": "归档已损坏或不完整。",
    },
    "unknown_compression": {
        "en": "`{name}` is compressed in a way that is not read here.",
        "zh-hans": "“{name}”的压缩方式不受支持。",
    },
    "encrypted": {
        "en": "`{name}` is encrypted.",
        "zh-hans": "“{name}”已加密。",
    },
    "too_many_files": {
        "en": "The archive holds more than {most} files.",
        "zh-hans": "归档中的文件多于 {most} 个。",
    },
    "file_too_large": {
        "en": "`{name}` is larger than {most}.",
        "zh-hans": "“{name}”大于 {most}。",
    },
    "unpacked_too_large": {
        "en": "Unpacked, the archive is larger than {most}.",
        "zh-hans": "归档解压后大于 {most}。",
    },
    "ratio": {
        "en": "The archive unpacks to more than {most} times its size.",
        "zh-hans": "归档解压后超过自身大小的 {most} 倍。",
    },
    "unsafe_path": {
        "en": "`{name}` is not a plain path inside the archive.",
        "zh-hans": "“{name}”不是归档内的普通路径。",
    },
    "long_path": {
        "en": "`{name}` is too long or too deep.",
        "zh-hans": "“{name}”过长或层级过深。",
    },
    "not_a_file": {
        "en": "`{name}` is a link or a device, not a file.",
        "zh-hans": "“{name}”是链接或设备，不是文件。",
    },
    "duplicate_path": {
        "en": "`{name}` and `{other}` are the same name on some computers.",
        "zh-hans": "“{name}”和“{other}”在某些计算机上是同一个名称。",
    },
    "not_xml": {
        "en": "This is not XML: {why} (line {line}).",
        "zh-hans": "这不是有效的 XML：{why}（第 {line} 行）。",
    },
    "xml_entities": {
        "en": "The XML defines entities, which are not read.",
        "zh-hans": "XML 中定义了实体，系统不读取实体。",
    },
    "xml_too_deep": {
        "en": "The XML is nested more than {most} deep.",
        "zh-hans": "XML 嵌套超过 {most} 层。",
    },
    "xml_too_many": {
        "en": "The XML has more than {most} elements and attributes.",
        "zh-hans": "XML 的元素和属性多于 {most} 个。",
    },
    "xml_encoding": {
        "en": "The XML is in an encoding that is not read here: {encoding}.",
        "zh-hans": "XML 使用了不受支持的编码：{encoding}。",
    },
    "too_many_rows": {
        "en": "A list has at most {most} rows.",
        "zh-hans": "表格最多 {most} 行。",
    },
    "not_text": {
        "en": "The file is not text in UTF-8.",
        "zh-hans": "文件不是 UTF-8 文本。",
    },
    "unknown_format": {
        "en": "Nothing in it is in a format that is read here.",
        "zh-hans": "其中没有系统能读取的格式。",
    },
    "nothing_inside": {
        "en": "There is no question and no page in it.",
        "zh-hans": "其中没有题目，也没有页面。",
    },
    "course_not_read": {
        "en": "The course.toml of this course cannot be read: put it right first.",
        "zh-hans": "无法读取本课程的 course.toml，请先改正。",
    },
}
