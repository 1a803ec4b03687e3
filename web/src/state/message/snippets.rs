//! Snippets.

catalogue! { "snippets":
    TITLE = "Snippets";
    NOT_KEPT = "This browser keeps no data for this page (a private window?), so it can keep no snippets.";
    SEARCH = "Search snippets";
    NEW = "New snippet";
    EMPTY = "Texts that you type again and again, with {{places}} to fill in.";
    INSERT_IT = "Insert {name}";
    INSERT = "Insert";
    EDIT_IT = "Edit {name}";
    DELETE_IT = "Delete {name}";
    NAME = "Snippet name";
    ASKED = "{{name}} is asked for each time.";
    ENTER = "Press Enter after it";
    TO_INSERT = "Text to insert";
}
