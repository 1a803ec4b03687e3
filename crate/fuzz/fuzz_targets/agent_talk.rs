#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| transom_testkit::oracle::agent_talk(bytes));
