//! Starts the page.

fn main() {
    transom_web::start();
}
