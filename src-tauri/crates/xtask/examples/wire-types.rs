//! Prints `ui/src/wire/types.ts`; `cargo xtask wire` puts it there. An example, because only examples may use the
//! crate `wire` here: xtask itself must stay quick to build.

fn main() {
    print!("{}", wire::export::typescript());
}
