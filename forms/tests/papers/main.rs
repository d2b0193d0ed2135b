//! What forms promise, shown on whole papers.

mod sample;

use forms::*;

#[test]
fn dump() {
    let write = |name: &str, rendered: Rendered| std::fs::write(format!("/tmp/forms-out/{name}.pdf"), rendered.bytes).unwrap();
    write("liveness", sample::paper(sample::liveness()).to_pdf(Languages::Official).unwrap());
    write("match", sample::paper(sample::face_match("97.25")).to_pdf(Languages::All).unwrap());
    write("palm", sample::paper(sample::palm_liveness()).to_pdf(Languages::Official).unwrap());
}
