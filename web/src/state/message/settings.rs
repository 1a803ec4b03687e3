//! The settings.

catalogue! { "settings":
    LANGUAGE = "Language";
    AS_BROWSER = "As the browser says";
    LANGUAGE_HINT = "The page is loaded anew to speak another language; running shells go on.";
    KEYBOARD = "Keyboard";
}
