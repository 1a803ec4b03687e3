//! A program that notes which of its functions ran.

use anyhow::{Context, Result};
use wasm_encoder::{
    CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType,
    Instruction, Module as Encoder, RawSection, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload};

use super::first::global_type;
use super::module::Module;

/// The exports that hold one bit for each function, whether it ran, begin so; their number follows.
pub(super) const RAN: &str = "transom_ran";

/// Defines `transomRan()`, which gives the places of the functions that ran. `wasm` has the exports.
pub(crate) const TELL: &str = "globalThis.transomRan = () => {
  const ran = [];
  for (let word = 0; wasm[`transom_ran${word}`]; word++) {
    const bits = wasm[`transom_ran${word}`].value;
    for (let bit = 0; bit < 64; bit++) if ((bits >> BigInt(bit)) & 1n) ran.push(64 * word + bit);
  }
  return ran;
};";

/// Functions that one global tells of.
const BITS: u32 = 64;

/// The program with notes, and the name of the function of each bit.
///
/// # Errors
///
/// When the program is not as rustc, wasm-bindgen and wasm-opt write it.
pub(crate) fn record(wasm: &[u8]) -> Result<(Vec<u8>, Vec<String>)> {
    let module = Module::parse(wasm)?;
    let mut encoder = Encoder::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        match payload {
            Payload::CustomSection(_) => {}
            Payload::GlobalSection(reader) => {
                let mut globals = GlobalSection::new();
                for global in reader {
                    let global = global?;
                    let mut bytes = global.init_expr.get_binary_reader();
                    let value = bytes.read_bytes(bytes.bytes_remaining() - 1)?;
                    let kind = global_type(&global.ty)?;
                    globals.global(kind, &ConstExpr::raw(value.iter().copied()));
                }
                for _ in notes(&module) {
                    globals.global(NOTES, &ConstExpr::i64_const(0));
                }
                encoder.section(&globals);
            }
            Payload::ExportSection(_) => {
                encoder.section(&exports(&module));
            }
            Payload::CodeSectionStart { .. } => {
                encoder.section(&code(&module)?);
            }
            _ => {
                let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
                let data = wasm.get(start..end).context("a section is cut short")?;
                encoder.section(&RawSection { id, data });
            }
        }
    }
    let names = module.defined().map(|function| {
        let name = module.names.get(&function).copied();
        super::plain(name.unwrap_or_default())
    });
    Ok((encoder.finish(), names.collect()))
}

/// What a global with notes is.
const NOTES: GlobalType = GlobalType {
    val_type: ValType::I64,
    mutable: true,
    shared: false,
};

/// The numbers of the globals with notes.
fn notes(module: &Module<'_>) -> std::ops::Range<u32> {
    let first = u32::try_from(module.globals.len()).unwrap_or_default();
    let functions = u32::try_from(module.defined().len()).unwrap_or_default();
    first..first.saturating_add(functions.div_ceil(BITS))
}

fn exports(module: &Module<'_>) -> ExportSection {
    let mut exports = ExportSection::new();
    for export in &module.exports {
        let kind = match export.kind {
            ExternalKind::Table => ExportKind::Table,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Global => ExportKind::Global,
            _ => ExportKind::Func,
        };
        exports.export(export.name, kind, export.index);
    }
    for (number, global) in notes(module).enumerate() {
        exports.export(&format!("{RAN}{number}"), ExportKind::Global, global);
    }
    exports
}

/// Each function first sets its bit.
fn code(module: &Module<'_>) -> Result<CodeSection> {
    let notes = notes(module);
    let mut code = CodeSection::new();
    for (place, function) in (0..).zip(module.defined()) {
        let body = module.body(function)?;
        let operators = body.get_binary_reader_for_operators()?;
        let locals = usize::try_from(operators.original_position() - body.range().start)?;
        let (locals, operators) = body.as_bytes().split_at(locals);
        let global = notes.start + place / BITS;
        let bit = i64::MIN.unsigned_abs() >> (BITS - 1 - place % BITS);
        let mut new = locals.to_vec();
        Instruction::GlobalGet(global).encode(&mut new);
        Instruction::I64Const(bit.cast_signed()).encode(&mut new);
        Instruction::I64Or.encode(&mut new);
        Instruction::GlobalSet(global).encode(&mut new);
        new.extend_from_slice(operators);
        code.raw(&new);
    }
    Ok(code)
}
