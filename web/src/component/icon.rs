//! Line icons on a grid of 24, drawn with the colour of the text around them.

use yew::{AttrValue, Html, Properties, component, html};

/// An icon. It is decoration: the control around it has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Home,
    Hosts,
    Shield,
    Gear,
    Plus,
    Cross,
    Lock,
    Search,
    Up,
    Down,
    Key,
    Warning,
    Play,
    Clock,
    Terminal,
    Copy,
    Check,
    Folder,
    File,
    Link,
    Pencil,
    Upload,
    Download,
    Refresh,
    Eye,
    Pause,
    Trash,
    Command,
    Record,
    SplitRight,
    SplitDown,
    WindowOut,
    WindowIn,
    Grow,
    Shrink,
    More,
}

impl Glyph {
    /// The strokes.
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
            Self::Hosts => "M4 5h16v5.5H4zM4 13.5h16V19H4zM7.5 7.75h.1M7.5 16.25h.1",
            Self::Shield => {
                "M12 3l7.5 2.8V11c0 4.7-3 8-7.5 10-4.5-2-7.5-5.3-7.5-10V5.8zM9 12l2.2 2.2L15.4 10"
            }
            Self::Gear => "M4 7h8M16 7h4M4 17h4M12 17h8M14 4.8v4.4M10 14.8v4.4",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Cross => "M6 6l12 12M18 6 6 18",
            Self::Lock => {
                "M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3"
            }
            Self::Search => "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20",
            Self::Up => "M6 15l6-6 6 6",
            Self::Down => "M6 9l6 6 6-6",
            Self::Key => {
                "M8 11.5a4.25 4.25 0 1 0 0 8.5 4.25 4.25 0 0 0 0-8.5zM11 12.5 20 4M17 7l2.5 2.5M14.5 9.3l2 2"
            }
            Self::Warning => "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.4",
            Self::Play => "M8 5.5v13l10.5-6.5z",
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.3l2.8 1.7",
            Self::Terminal => {
                "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM7 10l2.5 2.2L7 14.5M12.5 15H17"
            }
            Self::Copy => {
                "M9 9h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM5 15H4V4a1 1 0 0 1 1-1h10v2"
            }
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Folder => {
                "M4 6h5l2 2.5h9a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z"
            }
            Self::File => "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5",
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"
            }
            Self::Pencil => "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
            Self::Upload => "M12 16V4M7 9l5-5 5 5M4 20h16",
            Self::Download => "M12 4v12M7 11l5 5 5-5M4 20h16",
            Self::Refresh => "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
            }
            Self::Pause => "M8 5v14M16 5v14",
            Self::Command => {
                "M9 9h6v6H9zM9 9V6.5A2.5 2.5 0 1 0 6.5 9H9M15 9h2.5A2.5 2.5 0 1 0 15 6.5V9M15 15v2.5a2.5 2.5 0 1 0 2.5-2.5H15M9 15H6.5A2.5 2.5 0 1 0 9 17.5V15"
            }
            Self::Record => {
                "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
            }
            Self::SplitRight => {
                "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM12 4v16"
            }
            Self::SplitDown => {
                "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 12h16"
            }
            Self::WindowOut => "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
            Self::WindowIn => "M10 5H5v14h14v-5M11 7v6h6M20 4l-9 9",
            Self::Grow => "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
            Self::Shrink => "M20 10h-6V4M14 10l7-7M4 14h6v6M10 14l-7 7",
            Self::More => "M5 12h.1M12 12h.1M19 12h.1",
            Self::Trash => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
        }
    }
}

/// Which icon, and how large.
#[derive(PartialEq, Properties)]
pub(crate) struct IconProps {
    pub(crate) glyph: Glyph,
    /// Width and height in CSS pixels.
    #[prop_or(AttrValue::Static("16"))]
    pub(crate) size: AttrValue,
}

/// Draws an icon.
#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" width={&props.size} height={&props.size}
            fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"
            stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={props.glyph.path()} />
        </svg>
    }
}
