/* The rich text editor of Oscar's dashboard comes without Chinese: the words of the
   toolbar and of the link window that it shows there. */
(function () {
  "use strict";
  if (!window.tinymce || document.documentElement.lang.slice(0, 2) !== "zh") { return; }
  window.tinymce.addI18n("zh-Hans", {
    "Text": "正文",
    "Paragraph": "正文",
    "Heading 2": "标题 2",
    "Heading 3": "标题 3",
    "Heading 4": "标题 4",
    "Heading 5": "标题 5",
    "Heading 6": "标题 6",
    "Format": "格式",
    "Formats": "格式",
    "Format {0}": "格式：{0}",
    "Bold": "加粗",
    "Italic": "斜体",
    "Blockquote": "引用",
    "Bullet list": "项目列表",
    "Numbered list": "编号列表",
    "Link": "链接",
    "Link...": "链接…",
    "Insert/edit link": "插入或修改链接",
    "Insert/Edit Link": "插入或修改链接",
    "Remove link": "去掉链接",
    "Open link": "打开链接",
    "Open link in...": "打开方式",
    "Current window": "当前窗口",
    "New window": "新窗口",
    "Text to display": "显示文字",
    "Title": "标题",
    "URL": "网址",
    "None": "无",
    "Save": "保存",
    "Cancel": "取消",
    "Close": "关闭",
    "Yes": "是",
    "No": "否",
    "OK": "好",
    "Rich Text Area": "带格式的文字",
    "Reveal or hide additional toolbar items": "更多工具",
    "The URL you entered seems to be an email address. Do you want to add the required mailto: prefix?": "这像是邮箱地址。要补上开头的 mailto: 吗？",
    "The URL you entered seems to be an external link. Do you want to add the required https:// prefix?": "这像是外部网址。要补上开头的 https:// 吗？"
  });
  window.tinymce.overrideDefaults({ language: "zh-Hans" });
})();
