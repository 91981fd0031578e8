//! A file: parsed, printed, and what was printed parsed again.

#![no_main]

mod places;

use fleetlint::source::Files;
use fleetlint::yaml::{Documents, print, yaml11};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let (files, documents) = (Files::default(), Documents::default());
    let file = files.add("r".into(), None, "a.yaml".into(), input.to_vec());
    let stream = documents.of(&file);
    for document in &stream.documents {
        match document {
            Err(problem) => places::check_problem(problem, &files),
            Ok(document) => {
                document.duplicate_keys.iter().for_each(|problem| places::check_problem(problem, &files));
                let Some(root) = &document.root else { continue };
                places::check_node(root, &files);
                let _ = yaml11::to_json(root);
                let Ok(printed) = print::resource(root) else { continue };
                let printed = files.add("r".into(), None, "printed.yaml".into(), printed.into_bytes());
                let again = documents.of(&printed);
                let problem = again.documents.iter().find_map(|document| document.as_ref().err());
                problem.into_iter().for_each(|problem| places::check_problem(problem, &files));
            }
        }
    }
});
