//! The commands as a user types them: `testdata/cli/` holds what they print. `TRYCMD=overwrite cargo test --test commands cli`
//! writes it again.

mod cases {
    #[test]
    fn commands_print_what_they_promise() {
        trycmd::TestCases::new().env("NO_COLOR", "1").case("testdata/cli/*.toml").case("testdata/cli/*.trycmd").run();
    }
}
