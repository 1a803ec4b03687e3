//! Messages of an envelope and bytes.

use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use transom_browser::{Port, PortMessage};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::MessageChannel;

#[wasm_bindgen_test]
async fn an_envelope_arrives_with_its_bytes_and_what_is_foreign_is_passed_over() {
    let channel = MessageChannel::new().unwrap();
    let (sender, mut received) = unbounded();
    let _listener = Port::new(channel.port2()).listen(
        move |message: PortMessage<(String, u32)>| sender.unbounded_send(message).unwrap(),
        || {},
    );
    channel.port1().post_message(&"foreign".into()).unwrap();
    let port = Port::new(channel.port1());
    port.send(&("plain", 1), None).unwrap();
    port.send(&("with bytes", 2), Some(&[0xC3, 0x28])).unwrap();
    let plain = received.next().await.unwrap();
    let with_bytes = received.next().await.unwrap();
    assert_eq!(plain.envelope, ("plain".to_owned(), 1));
    assert_eq!(plain.bytes, None);
    assert_eq!(with_bytes.envelope, ("with bytes".to_owned(), 2));
    assert_eq!(with_bytes.bytes.as_deref(), Some(&[0xC3, 0x28][..]));
}
