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
        "en": "A table, list, quotation or block of code became lines of words.",
        "zh-hans": "表格、列表、引文或代码块已变成普通文字行。",
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
    "no_interaction": {
        "en": "There is nothing to answer in it.",
        "zh-hans": "其中没有可作答的内容。",
    },
    "words_after_left_out": {
        "en": "Words after the last question were left out.",
        "zh-hans": "最后一题之后的文字未导入。",
    },
    "solution_left_out": {
        "en": "The explanation of the solution was left out.",
        "zh-hans": "解答说明未导入。",
    },
    "not_finished": {
        "en": "It has no end: a closing brace or the line with its answer is missing.",
        "zh-hans": "题目没有结束：缺少右花括号或答案行。",
    },
    "no_words": {
        "en": "There are answers, and no words of a question before them.",
        "zh-hans": "只有选项，前面没有题干。",
    },
    "few_options": {
        "en": "It has fewer than two options.",
        "zh-hans": "选项少于两个。",
    },
    "no_answer": {
        "en": "It does not say which answer is right.",
        "zh-hans": "其中没有说明哪个答案正确。",
    },
    "free_text": {
        "en": "A person has to judge its answer (free text).",
        "zh-hans": "答案需要由人评判（自由作答）。",
    },
    "upload": {
        "en": "Learners are to send in a file.",
        "zh-hans": "该题要求学习者提交文件。",
    },
    "drawing": {
        "en": "Learners are to draw.",
        "zh-hans": "该题要求学习者绘图。",
    },
    "media_interaction": {
        "en": "Learners are only to watch or listen.",
        "zh-hans": "该题只要求学习者观看或收听。",
    },
    "custom_interaction": {
        "en": "It runs a program of its own in the page (`{name}`).",
        "zh-hans": "该题需要在页面中运行自带的程序（“{name}”）。",
    },
    "graphic": {
        "en": "It is answered by pointing at a picture (`{name}`).",
        "zh-hans": "该题需要在图片上指点作答（“{name}”）。",
    },
    "unknown_interaction": {
        "en": "`{name}` has no kind of exercise here.",
        "zh-hans": "“{name}”没有对应的练习类型。",
    },
    "composite": {
        "en": "It asks several things at once that do not fit into one exercise (`{name}`).",
        "zh-hans": "该题同时提出多个问题，无法放进一道练习（“{name}”）。",
    },
    "many_to_many": {
        "en": "A row has more than one partner, or none.",
        "zh-hans": "某一行有多个对应项，或没有对应项。",
    },
    "template_unknown": {
        "en": "Its variants are computed in a way that is not known here ({name}).",
        "zh-hans": "题目变式的计算方式不受支持（{name}）。",
    },
    "fixed_variant": {
        "en": "Every learner gets the same variant: `{name}` cannot be varied here.",
        "zh-hans": "所有学习者得到同一变式：“{name}”在本系统中无法变化。",
    },
    "points_rounded": {
        "en": "Its {points} points became a whole number from 1 to 100.",
        "zh-hans": "原有 {points} 分，已取整为 1 到 100 之间的整数。",
    },
    "number_format": {
        "en": "The format of printed numbers was left out.",
        "zh-hans": "数字的显示格式未导入。",
    },
    "rubric_left_out": {
        "en": "Instructions for those who mark were left out.",
        "zh-hans": "给阅卷人的说明未导入。",
    },
    "adaptive": {
        "en": "It goes on in steps that depend on the answers; the first step was taken.",
        "zh-hans": "该题会根据作答分步进行，只导入了第一步。",
    },
    "feedback_left_out": {
        "en": "Feedback was left out that has no place in this kind of exercise.",
        "zh-hans": "部分反馈在该类练习中没有位置，未导入。",
    },
    "catalog_left_out": {
        "en": "Alternative contents for particular needs (a catalogue) were left out.",
        "zh-hans": "面向特殊需要的替代内容（目录）未导入。",
    },
    "style_left_out": {
        "en": "Its own style sheet was left out.",
        "zh-hans": "自带的样式表未导入。",
    },
    "hottext_as_choice": {
        "en": "Words to click in a passage became options below it.",
        "zh-hans": "文中可点选的词语变成了下方的选项。",
    },
    "fixed_options": {
        "en": "Some options were to keep their place; now all are shuffled.",
        "zh-hans": "部分选项原应固定位置，现在全部随机排列。",
    },
    "partial_credit": {
        "en": "Half-right answers gave some points; now they give none.",
        "zh-hans": "部分正确的答案原可得部分分数，现在不得分。",
    },
    "choice_limit": {
        "en": "The limit on how many options may be chosen was left out.",
        "zh-hans": "可选数量的限制未导入。",
    },
    "choices_scoring": {
        "en": "It was scored otherwise; now a wrong option takes away what a right one gives.",
        "zh-hans": "计分方式有变：现在选错一项会抵消选对一项的得分。",
    },
    "rows_scoring": {
        "en": "It was scored otherwise; now every row counts the same.",
        "zh-hans": "计分方式有变：现在每一行的分值相同。",
    },
    "associate_as_match": {
        "en": "Pairs within one list became rows and their partners.",
        "zh-hans": "同一列表内的配对变成了左右两列的配对。",
    },
    "slider_as_number": {
        "en": "A slider became a number to write.",
        "zh-hans": "滑块变成了填写数字。",
    },
    "gap_match_as_choices": {
        "en": "Words to drag became a list at each gap; a word may be used twice now.",
        "zh-hans": "可拖动的词语变成了每个空的下拉列表，同一词语可重复使用。",
    },
    "choice_as_gap": {
        "en": "A list of options became a choice within the text.",
        "zh-hans": "选项列表变成了文中的选择。",
    },
    "other_answers": {
        "en": "Of several right numbers, the first was taken.",
        "zh-hans": "有多个正确数值，只导入了第一个。",
    },
    "rounding_as_tolerance": {
        "en": "Comparing rounded numbers became a tolerance.",
        "zh-hans": "按舍入比较变成了允许误差。",
    },
    "rounding_left_out": {
        "en": "Comparing rounded numbers was left out: the number must be exact.",
        "zh-hans": "按舍入比较未导入：数值必须精确。",
    },
    "file_missing": {
        "en": "`{name}` is not in the archive.",
        "zh-hans": "归档中没有“{name}”。",
    },
    "not_read": {
        "en": "`{name}` is of a type that is not read here ({type}).",
        "zh-hans": "“{name}”的类型不受支持（{type}）。",
    },
    "cycle": {
        "en": "`{name}` refers to itself, in a circle.",
        "zh-hans": "“{name}”循环引用了自身。",
    },
    "test_rules": {
        "en": "Rules of the test were left out: {names}.",
        "zh-hans": "测验规则未导入：{names}。",
    },
    "empty_page": {
        "en": "There are no words in it.",
        "zh-hans": "其中没有文字。",
    },
    "no_form_outside": {
        "en": "Exercises of this kind ({kind}) run here only: other systems have no form for them.",
        "zh-hans": "这类练习（{kind}）只能在本系统中运行，其他系统没有对应形式。",
    },
    "other_languages": {
        "en": "Only one language went out ({language}).",
        "zh-hans": "只导出了一种语言（{language}）。",
    },
    "fixed_variant_out": {
        "en": "One variant went out; the others are computed here only.",
        "zh-hans": "只导出了一个变式，其他变式只能在本系统中生成。",
    },
    "policy_left_out": {
        "en": "The rules of tries, penalty and reveal were left out.",
        "zh-hans": "作答次数、扣分和公布答案的规则未导出。",
    },
    "competencies_left_out": {
        "en": "The codes of competencies were left out.",
        "zh-hans": "能力代码未导出。",
    },
    "misconceptions_left_out": {
        "en": "The names of misconceptions were left out.",
        "zh-hans": "误解的名称未导出。",
    },
    "hint_costs_left_out": {
        "en": "What hints cost was left out.",
        "zh-hans": "提示的扣分未导出。",
    },
    "mistakes_left_out": {
        "en": "Foreseen mistakes and their feedback were left out.",
        "zh-hans": "预设的错误答案及其反馈未导出。",
    },
    "row_feedback_left_out": {
        "en": "The feedback of rows or gaps was left out.",
        "zh-hans": "各行或各空的反馈未导出。",
    },
    "pairs_credit": {
        "en": "Half-right orders give no points any more.",
        "zh-hans": "部分正确的排序不再得分。",
    },
    "patterns_left_out": {
        "en": "Patterns for right answers were left out; the listed forms went out.",
        "zh-hans": "匹配正确答案的模式未导出，只导出了列出的写法。",
    },
    "normalise_left_out": {
        "en": "Answers are compared more strictly there (spaces, widths, punctuation).",
        "zh-hans": "在对方系统中，答案的比较更严格（空格、全半角、标点）。",
    },
    "choices_scoring_out": {
        "en": "There all points are given for exactly the right options, and none otherwise.",
        "zh-hans": "在对方系统中，选项全部正确才得分，否则不得分。",
    },
    "shuffle_left_out": {
        "en": "The options keep their order there.",
        "zh-hans": "在对方系统中，选项顺序固定。",
    },
    "gaps_alone": {
        "en": "Its gaps are questions of their own there, within one text.",
        "zh-hans": "在对方系统中，文中的每个空都是单独的题目。",
    },
    "whole_left_out": {
        "en": "That a whole number is asked for was left out.",
        "zh-hans": "“只接受整数”的要求未导出。",
    },
    "tolerance_absolute": {
        "en": "A tolerance in percent became an absolute one.",
        "zh-hans": "相对误差已换算为绝对误差。",
    },
    "gap_points": {
        "en": "Its points became one for each gap.",
        "zh-hans": "分值已改为每空一分。",
    },
    "units_left_out": {
        "en": "Units were left out: the number alone is asked for.",
        "zh-hans": "单位未导出，只要求填写数字。",
    },
    "hexadecimal": {
        "en": "Hexadecimal numbers cannot be asked for there.",
        "zh-hans": "对方系统不支持十六进制数。",
    },
    "marks_in_choice": {
        "en": "Marks and formulas in choices within a text became plain words.",
        "zh-hans": "文中选项里的格式和公式变成了普通文字。",
    },
    "interactive_left_out": {
        "en": "Diagrams, interactive figures or boxes became plain words or were left out.",
        "zh-hans": "图表、互动图或提示框变成了普通文字或未导出。",
    },
    "lesson_words_left_out": {
        "en": "The words of the lesson were left out; its exercises went out.",
        "zh-hans": "课文未导出，只导出了练习。",
    },
    "bounds_left_out": {
        "en": "Numbers too large or too fine for other systems were rounded.",
        "zh-hans": "过大或过细的数值已作舍入。",
    },
    "struck_left_out": {
        "en": "Struck words became plain words.",
        "zh-hans": "带删除线的文字变成了普通文字。",
    },
    "too_long": {
        "en": "It has more than {most} characters.",
        "zh-hans": "内容超过 {most} 个字符。",
    },
}
