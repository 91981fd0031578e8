//! Pages, scripts and workflows that are made to hurt: no panic, and no more work than bytes.

mod cases {
    use std::sync::Arc;

    use fleetlint::repository::Repositories;
    use fleetlint::source::{Checkout, Files, Sources};
    use fleetlint::yaml::{Documents, Span};

    /// Reads one file as everything that it may be; every place that is found is in it.
    fn read(bytes: &[u8]) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.md", "b.sh", "Makefile", "Taskfile.yml", ".github/workflows/c.yml", "action.yml"];
        for path in paths {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let files = Arc::new(Files::default());
        let checkout = Checkout::open(&files, folder.path()).unwrap();
        let sources = Sources::new(&files, &[]).unwrap();
        let documents = Documents::default();
        let repositories = Repositories::new(&checkout, &sources, &documents, Box::new(Vec::new));
        let fleet = repositories.fleet();
        let check = |span: Span| {
            let file = files.get(span.file);
            assert!(span.start <= span.end && span.end as usize <= file.counted().len(), "{span:?} in {}", file.path);
            assert!(file.text().unwrap().get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        };
        fleet.commands().for_each(|(_, command)| check(command.place));
        fleet.runbooks().iter().flat_map(|page| &page.permissions).for_each(|list| check(list.place));
        let secrets = fleet.workflows().iter().flat_map(|workflow| &workflow.secrets);
        secrets.for_each(|used| check(used.place));
        fleet.commands().count()
    }

    /// So many bytes, for which work that grows with their square would take minutes.
    const SIZE: usize = 200_000;

    fn repeated(before: &str, piece: &str) -> String {
        before.to_owned() + &piece.repeat(SIZE / piece.len())
    }

    #[test]
    fn repeated_marks() {
        let marks = [
            "`", "``` ", "` ``", "> ", ">", "- ", "-\n", "* *", "1. ", "~~~\n", "\t", "#", "|", "||\n", "<!--", "<a ",
            "\r\n", "\\", "\\\n",
        ];
        for mark in marks {
            read(repeated("flux kubectl git \n", mark).as_bytes());
        }
    }

    #[test]
    fn repeated_pieces_of_a_shell() {
        let pieces = [
            "$(",
            "${",
            "{{",
            "${{",
            "\"",
            "'",
            "\"'",
            "$(\"",
            "`'",
            "<<a ",
            "<<a\n",
            "<a",
            "$",
            "1>",
            "&",
            "kubectl create secret generic a -n b;",
            "git push a b:c\n",
            "flux create secret git a --url=https://a@b:",
        ];
        for piece in pieces {
            read(repeated("```sh\nflux kubectl git ", piece).as_bytes());
        }
    }

    #[test]
    fn backticks_of_all_lengths() {
        let lengths = (1..).scan(0, |total, length| {
            *total += length + 1;
            (*total < SIZE).then(|| "`".repeat(length) + " ")
        });
        read(lengths.collect::<String>().as_bytes());
    }

    #[test]
    fn a_page_of_ten_megabytes_is_not_read() {
        assert_eq!(read("`git push` ".repeat(1_000_000).as_bytes()), 0);
    }

    #[test]
    fn random_texts() {
        let pieces = [
            "flux create secret git ",
            "kubectl ",
            "git push ",
            "gh pr create ",
            "--base=",
            "-n",
            " ",
            "\n",
            "\r\n",
            "`",
            "```\n",
            "~~~",
            "> ",
            "- ",
            "    ",
            "\t",
            "\"",
            "'",
            "\\",
            "$X",
            "${",
            "}",
            "$(",
            ")",
            "{{",
            "}}",
            "<",
            ">",
            "<<EOF\n",
            "EOF\n",
            "|",
            "&&",
            ";",
            "#",
            "é",
            "\u{feff}",
            "on: ",
            "jobs:\n",
            "steps:\n",
            "- run: |\n",
            "uses: ",
            "${{ secrets.A }}",
            "secrets['b",
            "token",
            "Contents: read",
            "=",
            ":",
            "[",
            "]",
            "a",
            "::",
            "+",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % u64::try_from(bound).unwrap()).unwrap()
        };
        for _ in 0..150 {
            let length = next(120);
            let text: String = (0..length).map(|_| pieces[next(pieces.len())]).collect();
            read(text.as_bytes());
        }
        for _ in 0..50 {
            let bytes: Vec<u8> = (0..next(300)).map(|_| u8::try_from(next(256)).unwrap()).collect();
            read(&bytes);
        }
    }
}
