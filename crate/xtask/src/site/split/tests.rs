//! A small program, whole and in two files, run by Node.js.

use std::path::Path;
use std::process::Command;

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink,
    MemorySection, MemoryType, Module, NameMap, NameSection, RefType, TableSection, TableType,
    TypeSection, ValType,
};

use super::record::TELL;
use super::{plain, record, split};

/// Functions by number: the import comes first.
const LOG: u32 = 0;
const RUN: u32 = 1;
const DOUBLE: u32 = 2;
const DIRECT: u32 = 3;
const BY_TABLE: u32 = 4;

/// `run(n)` gives `direct(n) + by_table(n)`; each tells `log` its argument.
fn program() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("js", "log", EntityType::Function(1));
    let mut functions = FunctionSection::new();
    for _ in [RUN, DOUBLE, DIRECT, BY_TABLE] {
        functions.function(0);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 3,
        maximum: Some(3),
        shared: false,
    });
    let mut memory = MemorySection::new();
    memory.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let counter = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(counter, &ConstExpr::i32_const(100));
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, RUN);
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(1),
        Elements::Functions([DOUBLE, BY_TABLE].as_slice().into()),
    );
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module.section(&tables).section(&memory).section(&globals);
    module.section(&exports).section(&elements).section(&code());
    module.section(&names());
    module.finish()
}

fn code() -> CodeSection {
    let mut code = CodeSection::new();
    let mut add = |write: &dyn Fn(&mut InstructionSink<'_>)| {
        let mut function = Function::new([]);
        let mut sink = function.instructions();
        sink.local_get(0).call(LOG);
        write(&mut sink);
        sink.end();
        code.function(&function);
    };
    add(&|run| {
        run.local_get(0).call(DIRECT);
        run.local_get(0).i32_const(2).call_indirect(0, 0).i32_add();
    });
    add(&|double| {
        double.local_get(0).i32_const(2).i32_mul();
    });
    add(&|direct| {
        direct.local_get(0).call(DOUBLE).call(BY_TABLE);
    });
    add(&|by_table| {
        by_table.global_get(0).i32_const(1).i32_add().global_set(0);
        by_table.local_get(0).global_get(0).i32_add();
    });
    code
}

fn names() -> NameSection {
    let mut functions = NameMap::new();
    for (number, name) in [
        (RUN, "run"),
        (DOUBLE, "a[0123456789abcdef]::double"),
        (DIRECT, "a::direct"),
        (BY_TABLE, "a::by_table"),
    ] {
        functions.append(number, name);
    }
    let mut names = NameSection::new();
    names.functions(&functions);
    names
}

/// What Node.js prints for a script in which `wasm(n)` gives the n-th program.
fn node(programs: &[&[u8]], script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("{number}.wasm"));
    for (number, program) in programs.iter().enumerate() {
        std::fs::write(path(number), program).unwrap();
    }
    let prepare = "
      const { readFileSync } = await import('node:fs');
      const wasm = (n) => new WebAssembly.Module(readFileSync(`${process.argv.at(-1)}/${n}.wasm`));
      const said = [];
      const js = { log: (n) => said.push(n) };";
    let output = Command::new("node")
        .args([
            "--input-type=module",
            "--eval",
            &format!("{prepare}\n{script}"),
            "--",
        ])
        .arg(Path::new(folder.path()))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

const RUN_TWICE: &str = "said.push(first.exports.run(5), first.exports.run(6));";
const WHOLE: &str = "const first = new WebAssembly.Instance(wasm(0), { js });";

#[test]
fn a_program_in_two_files_does_what_the_whole_one_does() {
    let whole = program();
    let tell = "console.log(JSON.stringify(said));";
    let expected = node(&[&whole], &format!("{WHOLE}{RUN_TWICE}{tell}"));
    for in_first in [
        vec![],
        vec!["a::double"],
        vec!["a::double", "a::direct"],
        vec!["a::by_table"],
    ] {
        let halves = split(&whole, |name| in_first.contains(&name)).unwrap();
        let script = "
          let brought = 0;
          const bring = () => {
            if (brought++) return;
            new WebAssembly.Instance(wasm(1), { js, first: first.exports });
          };
          const first = new WebAssembly.Instance(wasm(0), { js, later: { bring } });";
        let check = "if (!brought) throw new Error('nothing was left for later');";
        let script = format!("{script}{RUN_TWICE}{check}{tell}");
        let said = node(&[&halves.first, &halves.later], &script);
        assert_eq!(said, expected, "first: {in_first:?}");
    }
}

#[test]
fn a_program_that_takes_notes_says_what_ran() {
    let (noting, names) = record(&program()).unwrap();
    assert_eq!(names, ["run", "a::double", "a::direct", "a::by_table"]);
    let tell = TELL.replace("wasm", "first.exports");
    let ran = format!("{tell}\nconsole.log(transomRan().join());");
    assert_eq!(node(&[&noting], &format!("{WHOLE}{ran}")), "\n");
    let after = node(&[&noting], &format!("{WHOLE}{RUN_TWICE}{ran}"));
    assert_eq!(after, "0,1,2,3\n");
}

#[test]
fn names_are_the_same_for_every_compiler() {
    assert_eq!(plain("a[0123]::b::<[u8]>"), "a::b::<[u8]>");
    assert_eq!(plain("a::b::h0123456789abcdef"), "a::b");
    assert_eq!(plain("a::b[1]::h0123"), "a::b::h0123");
}
