// SPDX-License-Identifier: GPL-2.0

use proptest::prelude::*;

use super::*;
use crate::bus::Time;
use crate::controller::by_name;

fn bench() -> Bench {
    Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false)
}

fn ask(bench: &Bench, request: Value) -> Value {
    answer(bench, request.to_string().as_bytes())
}

#[test]
fn the_state_has_every_field() {
    let state = ask(&bench(), json!({ "do": "state" }));
    let fields = "ok controller module asleep on in_reset backlight lit inverted madctl colmod hard_resets \
        soft_resets sleep_outs sleep_ins display_ons display_offs messages bytes refused gpio_refused stalled \
        gpio_sets dc_changes pixels ramwr commands last_command complaint_count complaints max_hz \
        fault connected uptime_ms since_last_spi_ms";
    for field in fields.split_whitespace() {
        assert!(state.get(field).is_some(), "{field}");
    }
    assert_eq!(state["controller"], "ili9341");
    assert_eq!(state["connected"], json!({ "spi": false, "gpio": false }));
    assert_eq!(state["fault"], "none");
}

#[test]
fn words_that_no_controller_has_are_refused() {
    let bench = bench();
    assert_eq!(
        ask(&bench, json!({ "do": "words", "bits": [8] }))["ok"],
        true
    );
    assert_eq!(bench.words(), [8]);
    for bits in [json!([]), json!([8, 7])] {
        let answer = ask(&bench, json!({ "do": "words", "bits": bits }));
        assert_eq!(answer["ok"], false);
    }
    assert_eq!(bench.words(), [8]);
}

#[test]
fn a_picture_with_and_without_a_file() {
    let bench = bench();
    let upright = ask(&bench, json!({ "do": "picture" }));
    assert_eq!(
        (&upright["width"], &upright["height"]),
        (&json!(240), &json!(320))
    );
    assert_eq!(upright["shown"], "black");
    let path = std::env::temp_dir().join(format!("tinydrm-panel-{}.png", std::process::id()));
    let request = json!({ "do": "picture", "turn": 90, "path": path, "scale": 2 });
    let turned = ask(&bench, request);
    assert_eq!(
        (&turned["width"], &turned["height"]),
        (&json!(320), &json!(240))
    );
    assert_eq!(turned["crc"].as_str().unwrap().len(), 8);
    assert_eq!(
        image::image_dimensions(&path).unwrap(),
        ((320 + 16) * 2, (240 + 16) * 2)
    );
    std::fs::remove_file(path).unwrap();
    let pixel = |x, y, turn| {
        ask(
            &bench,
            json!({ "do": "pixel", "x": x, "y": y, "turn": turn }),
        )
    };
    assert_eq!(pixel(0, 0, 0)["rgb565"], pixel(0, 239, 90)["rgb565"]);
    assert_eq!(pixel(240, 0, 0)["ok"], false);
}

#[test]
fn faults_and_waits() {
    let bench = bench();
    let fault = json!({ "do": "fault", "mode": "error", "after": 3, "count": 1, "wire": "spi" });
    assert_eq!(ask(&bench, fault), json!({ "ok": true, "fault": "error" }));
    assert_eq!(ask(&bench, json!({ "do": "state" }))["fault"], "error");
    assert_eq!(
        ask(&bench, json!({ "do": "fault", "mode": "none" }))["ok"],
        true
    );
    for (until, timed_out) in [
        (json!({ "messages_above": 0 }), true),
        (json!({ "idle_ms": 0 }), false),
        (json!({ "asleep": true }), false),
        (json!({ "connected": true }), true),
    ] {
        let request = json!({ "do": "wait", "until": until, "timeout_ms": 1 });
        assert_eq!(
            ask(&bench, request),
            json!({ "ok": true, "timed_out": timed_out })
        );
    }
    for request in ["forget", "power-cycle"] {
        assert_eq!(ask(&bench, json!({ "do": request })), json!({ "ok": true }));
    }
}

#[test]
fn nonsense_is_answered() {
    let bench = bench();
    for line in [
        "",
        "{",
        "[]",
        "null",
        r#"{"do":"dance"}"#,
        r#"{"do":"picture","turn":45}"#,
        r#"{"do":"picture","scale":0}"#,
        r#"{"do":"fault"}"#,
        r#"{"do":"fault","mode":"fire"}"#,
        r#"{"do":"wait","until":{}}"#,
        r#"{"do":"picture","path":"/nowhere/at/all.png"}"#,
    ] {
        let answer = answer(&bench, line.as_bytes());
        assert_eq!(answer["ok"], false, "{line}");
        assert!(answer["error"].is_string(), "{line}");
    }
}

#[test]
fn a_conversation_survives_what_is_said() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let bench = bench();
    let talk = thread::spawn(move || converse(&theirs, &bench));
    let mut lines = BufReader::new(&ours).lines();
    for (line, ok) in [
        ("\n nonsense\n", false),
        ("\n\n{\"do\":\"forget\"}\n", true),
    ] {
        (&ours).write_all(line.as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["ok"], ok);
    }
    (&ours).write_all(&vec![b'x'; LINE as usize]).unwrap();
    assert!(lines.next().unwrap().unwrap().contains("too long"));
    assert!(lines.next().is_none());
    talk.join().unwrap().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(answer(&bench(), &line)["ok"].is_boolean());
    }
}

#[test]
fn the_interface_is_strapped() {
    let bench = bench();
    assert_eq!(ask(&bench, json!({ "do": "state" }))["wires"], 4);
    let strap = |wires: u8| ask(&bench, json!({ "do": "interface", "wires": wires }));
    assert_eq!(strap(3)["ok"], true);
    assert_eq!(ask(&bench, json!({ "do": "state" }))["wires"], 3);
    assert_eq!(strap(2)["ok"], false);
    assert_eq!(strap(4)["ok"], true);
}

#[test]
fn another_module_is_mounted() {
    let bench = bench();
    let mount = |module: &str| ask(&bench, json!({ "do": "mount", "module": module }));
    assert_eq!(mount("rh128128t")["ok"], true);
    let state = ask(&bench, json!({ "do": "state" }));
    assert_eq!(state["controller"], "st7735r");
    let picture = ask(&bench, json!({ "do": "picture" }));
    assert_eq!(
        (&picture["width"], &picture["height"]),
        (&json!(128), &json!(128))
    );
    assert_eq!(mount("unheard-of")["ok"], false);
    assert_eq!(ask(&bench, json!({ "do": "state" }))["module"], "rh128128t");
}
