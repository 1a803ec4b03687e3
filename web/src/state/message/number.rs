//! How numbers and dates are written.

catalogue! { "number":
    DECIMAL = ".";
    GROUP = ",";
    PERCENT = "{n}%";
    DATE = "{year}-{month}-{day}";
}
