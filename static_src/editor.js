// <cw-editor>: a textarea that becomes a code editor.
//
//   <cw-editor data-language="python" data-label="Editor for solution.py. …">
//     <textarea name="file:solution.py">…</textarea>
//   </cw-editor>
//
// The textarea stays where it is, is what the form sends, and is what readers without JavaScript
// use; it always holds the editor's text, and fires `input` when the text changes. The editor
// lives in a shadow root: CodeMirror then adopts its style sheets instead of writing <style>
// elements, which our Content-Security-Policy forbids.
import { basicSetup } from "codemirror";
import { indentWithTab } from "@codemirror/commands";
import { cpp } from "@codemirror/lang-cpp";
import { go } from "@codemirror/lang-go";
import { python } from "@codemirror/lang-python";
import { rust } from "@codemirror/lang-rust";
import {
  defineLanguageFacet,
  HighlightStyle,
  indentUnit,
  Language,
  languageDataProp,
  syntaxHighlighting,
} from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { GFM, parser as markdownParser } from "@lezer/markdown";
import { solidity } from "@replit/codemirror-lang-solidity";

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--editor-background)",
    color: "var(--editor-text)",
    fontSize: "var(--editor-size)",
    height: "100%",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--editor-font)",
    lineHeight: "1.6",
    minHeight: "var(--editor-least-height)",
  },
  ".cm-content": { caretColor: "var(--editor-accent)", padding: "0.75rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--editor-accent)", borderLeftWidth: "2px" },
  ".cm-gutters": {
    backgroundColor: "var(--editor-background)",
    borderRight: "none",
    color: "var(--editor-muted)",
  },
  ".cm-activeLine": { backgroundColor: "var(--editor-active)" },
  ".cm-activeLineGutter": {
    backgroundColor: "var(--editor-active)",
    color: "var(--editor-text)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--editor-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--editor-match)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--editor-match)",
    outline: "1px solid var(--editor-accent)",
  },
  ".cm-panels": {
    backgroundColor: "var(--editor-active)",
    borderColor: "var(--editor-line)",
    color: "var(--editor-text)",
  },
  ".cm-panel.cm-search": { fontFamily: "var(--editor-interface-font)" },
  ".cm-textfield": {
    backgroundColor: "var(--editor-background)",
    border: "1px solid var(--editor-muted)",
    color: "var(--editor-text)",
  },
  ".cm-button": {
    backgroundColor: "var(--editor-background)",
    backgroundImage: "none",
    border: "1px solid var(--editor-muted)",
    color: "var(--editor-text)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--editor-background)",
    border: "1px solid var(--editor-line)",
    color: "var(--editor-text)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--editor-selection)",
    color: "var(--editor-text)",
  },
  ".cm-foldPlaceholder": {
    backgroundColor: "transparent",
    borderColor: "var(--editor-line)",
    color: "var(--editor-muted)",
  },
  ".cm-marked": { backgroundColor: "var(--editor-bad)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--editor-good)" },
  "&.cm-merge-b .cm-changedText, .cm-deletedChunk .cm-deletedText": { background: "none" },
  ".cm-deletedChunk": { backgroundColor: "var(--editor-bad)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--editor-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--editor-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--editor-number)" },
  { tag: tags.comment, color: "var(--editor-comment)", fontStyle: "italic" },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)],
    color: "var(--editor-name)",
    fontWeight: "600",
  },
  { tag: [tags.meta, tags.self], color: "var(--editor-name)" },
  { tag: tags.heading, color: "var(--editor-name)", fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--editor-keyword)" },
  { tag: tags.monospace, color: "var(--editor-string)" },
  { tag: tags.processingInstruction, color: "var(--editor-muted)" },
]);

const chinese = {
  Find: "查找",
  Replace: "替换为",
  next: "下一个",
  previous: "上一个",
  all: "全部",
  "match case": "区分大小写",
  regexp: "正则表达式",
  "by word": "全字匹配",
  replace: "替换",
  "replace all": "全部替换",
  close: "关闭",
  "current match": "当前匹配",
  "replaced $ matches": "已替换 $ 处",
  "replaced match on line $": "已替换第 $ 行的匹配",
  "on line": "位于行",
  "Go to line": "转到行",
  go: "转到",
  "Fold line": "折叠此行",
  "Unfold line": "展开此行",
  "Folded lines": "已折叠的行",
  "Unfolded lines": "已展开的行",
  "folded code": "已折叠的代码",
  unfold: "展开",
  Completions: "补全",
  "$ unchanged lines": "$ 行未改动",
};

// Chromium, typing over a selection, wraps the new text in a <span style="…"> that keeps the look of
// the old one. The policy refuses the style and the console fills with errors: so we type it ourselves.
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || !text || main.empty || view.composing) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), {
        userEvent: "input.type",
        scrollIntoView: true,
      });
    const isTaken = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, main.from, main.to, text, insert));
    if (!isTaken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const markLine = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(markLine)) {
        return effect.value === null
          ? Decoration.none
          : Decoration.set(Decoration.line({ class: "cm-marked" }).range(effect.value));
      }
    }
    return transaction.docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Markdown without the languages that CodeMirror's own package embeds in it: HTML is off in lessons.
// Prose is wrapped, and indented by two: four would make code of a paragraph.
const markdownData = defineLanguageFacet({});
const markdown = new Language(
  markdownData,
  markdownParser.configure([
    GFM,
    { props: [languageDataProp.add((type) => (type.isTop ? markdownData : undefined))] },
  ]),
  [],
  "markdown",
);
const prose = () => [markdown, EditorView.lineWrapping, indentUnit.of("  ")];
const languages = {
  c: cpp,
  go,
  markdown: prose,
  python,
  rust,
  solidity: () => solidity,
  toml: () => EditorView.lineWrapping,
};

class Editor extends HTMLElement {
  #view;
  #comparison = new Compartment();

  connectedCallback() {
    if (this.#view) return;
    const textarea = this.querySelector("textarea");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: textarea.value,
        extensions: [
          basicSetup,
          keymap.of([indentWithTab]),
          languages[this.dataset.language]?.() ?? [],
          indentUnit.of("    "),
          EditorState.tabSize.of(4),
          document.documentElement.lang.startsWith("zh") ? EditorState.phrases.of(chinese) : [],
          theme,
          syntaxHighlighting(colours),
          marked,
          typeOverSelection,
          this.#comparison.of([]),
          EditorState.readOnly.of(textarea.readOnly),
          EditorView.contentAttributes.of({ "aria-label": this.dataset.label ?? "" }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            textarea.value = update.state.doc.toString();
            textarea.dispatchEvent(new Event("input", { bubbles: true }));
          }),
        ],
      }),
    });
  }

  get value() {
    return this.#view.state.doc.toString();
  }

  /** Makes this the text; who writes can undo it, and their cursor stays where it was in what is
      the same at the beginning and at the end. */
  set value(text) {
    const old = this.value;
    if (text === old) return;
    let from = 0;
    while (from < old.length && old[from] === text[from]) from += 1;
    let end = 0;
    const most = Math.min(old.length, text.length) - from;
    while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    this.#view.dispatch({
      changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) },
      userEvent: "input.replace",
    });
  }

  focus() {
    this.#view.focus();
  }

  /** Puts the cursor at the start of a line (from 1), marks the line and scrolls to it. */
  goToLine(number) {
    const { doc } = this.#view.state;
    const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
    this.#view.dispatch({
      selection: { anchor: line.from },
      effects: [markLine.of(line.from), EditorView.scrollIntoView(line.from, { y: "center" })],
    });
    this.#view.focus();
  }

  /** Shows what differs from `text` in the editor itself; null ends it. */
  compareWith(text) {
    this.#view.dispatch({
      effects: this.#comparison.reconfigure(
        text === null
          ? []
          : unifiedMergeView({ original: text, mergeControls: false, allowInlineDiffs: true }),
      ),
    });
  }
}

customElements.define("cw-editor", Editor);
