//! The first file: it starts, and knows the rest by slots of the table.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, Encode, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalType, ImportSection, Instruction,
    Module as Encoder, RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Operator};

use super::module::{Module, section};
use super::{BRING, Plan, rewritten, short_name};

/// Writes the first file.
pub(super) fn encode(module: &Module<'_>, plan: &Plan) -> Result<Vec<u8>> {
    let (types, nothing) = types(module)?;
    let numbers = numbers(module, plan)?;
    let mut encoder = Encoder::new();
    encoder
        .section(&types)
        .section(&imports(module, nothing))
        .section(&functions(module, plan)?)
        .section(&tables(module, plan)?);
    for number in [section::MEMORY, section::GLOBAL] {
        if let Some(raw) = module.raw(number) {
            encoder.section(&raw);
        }
    }
    encoder.section(&exports(module, plan, &numbers)?);
    if let Some(start) = module.start {
        let function_index = number(&numbers, start)?;
        encoder.section(&StartSection { function_index });
    }
    encoder.section(&elements(module, plan, &numbers)?);
    if let Some(raw) = module.raw(section::DATA_COUNT) {
        encoder.section(&raw);
    }
    encoder.section(&code(module, plan, &numbers)?);
    if let Some(raw) = module.raw(section::DATA) {
        encoder.section(&raw);
    }
    Ok(encoder.finish())
}

/// All types, and the number of the one that takes and gives nothing.
pub(super) fn types(module: &Module<'_>) -> Result<(TypeSection, u32)> {
    let mut types = TypeSection::new();
    let mut nothing = None;
    for (number, kind) in (0_u32..).zip(&module.types) {
        let encoded = |values: &[wasmparser::ValType]| {
            let values = values.iter().copied().map(value_type);
            values.collect::<Result<Vec<ValType>>>()
        };
        types
            .ty()
            .function(encoded(kind.params())?, encoded(kind.results())?);
        if kind.params().is_empty() && kind.results().is_empty() {
            nothing = Some(number);
        }
    }
    let nothing = nothing.unwrap_or_else(|| {
        types.ty().function([], []);
        types.len() - 1
    });
    Ok((types, nothing))
}

fn value_type(kind: wasmparser::ValType) -> Result<ValType> {
    Ok(match kind {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::FUNCREF => ValType::FUNCREF,
        wasmparser::ValType::EXTERNREF => ValType::EXTERNREF,
        other @ wasmparser::ValType::Ref(_) => bail!("a value of type {other} is not known"),
    })
}

pub(super) fn global_type(global: &wasmparser::GlobalType) -> Result<GlobalType> {
    Ok(GlobalType {
        val_type: value_type(global.content_type)?,
        mutable: global.mutable,
        shared: global.shared,
    })
}

pub(super) fn table_type(table: &wasmparser::TableType, added_slots: u32) -> Result<TableType> {
    let element_type = if table.element_type.is_func_ref() {
        RefType::FUNCREF
    } else if table.element_type.is_extern_ref() {
        RefType::EXTERNREF
    } else {
        bail!("a table of {} is not known", table.element_type);
    };
    Ok(TableType {
        element_type,
        table64: table.table64,
        minimum: table.initial + u64::from(added_slots),
        maximum: table.maximum.map(|most| most + u64::from(added_slots)),
        shared: table.shared,
    })
}

fn imports(module: &Module<'_>, nothing: u32) -> ImportSection {
    let mut imports = ImportSection::new();
    for import in &module.imports {
        imports.import(
            import.module,
            import.name,
            EntityType::Function(import.kind),
        );
    }
    imports.import(BRING.0, BRING.1, EntityType::Function(nothing));
    imports
}

/// The functions' numbers in the first file: those of the rest have their stubs' ones.
fn numbers(module: &Module<'_>, plan: &Plan) -> Result<BTreeMap<u32, u32>> {
    let imports = 0..module.imported();
    let after_bring = module.imported().checked_add(1).context("too many")?;
    let mut numbers: BTreeMap<u32, u32> = imports.clone().zip(imports).collect();
    let own = plan.first.iter().chain(plan.slots.keys()).copied();
    numbers.extend(own.zip(after_bring..));
    Ok(numbers)
}

fn number(numbers: &BTreeMap<u32, u32>, function: u32) -> Result<u32> {
    let number = numbers.get(&function).copied();
    number.context("a function of the rest is not reached through the table")
}

fn functions(module: &Module<'_>, plan: &Plan) -> Result<FunctionSection> {
    let mut functions = FunctionSection::new();
    for function in plan.first.iter().chain(plan.slots.keys()) {
        functions.function(module.kind(*function)?);
    }
    Ok(functions)
}

fn tables(module: &Module<'_>, plan: &Plan) -> Result<TableSection> {
    let mut tables = TableSection::new();
    for (place, table) in module.tables.iter().enumerate() {
        let added = if place == 0 { plan.added_slots } else { 0 };
        tables.table(table_type(table, added)?);
    }
    Ok(tables)
}

/// What was exported, and what the rest needs.
fn exports(
    module: &Module<'_>,
    plan: &Plan,
    numbers: &BTreeMap<u32, u32>,
) -> Result<ExportSection> {
    let mut exports = ExportSection::new();
    for export in &module.exports {
        let (kind, index) = match export.kind {
            ExternalKind::Func => (ExportKind::Func, number(numbers, export.index)?),
            ExternalKind::Table => (ExportKind::Table, export.index),
            ExternalKind::Memory => (ExportKind::Memory, export.index),
            ExternalKind::Global => (ExportKind::Global, export.index),
            other => bail!("{} is exported, a {other:?}", export.name),
        };
        exports.export(export.name, kind, index);
    }
    exports.export(&short_name('m', 0), ExportKind::Memory, 0);
    for (table, _) in (0..).zip(&module.tables) {
        exports.export(&short_name('t', table), ExportKind::Table, table);
    }
    for (global, _) in (0..).zip(&module.globals) {
        exports.export(&short_name('g', global), ExportKind::Global, global);
    }
    for function in plan.shared.range(module.imported()..) {
        let name = short_name('f', *function);
        exports.export(&name, ExportKind::Func, number(numbers, *function)?);
    }
    Ok(exports)
}

/// The table as before, with stubs for the rest, and the added slots.
fn elements(
    module: &Module<'_>,
    plan: &Plan,
    numbers: &BTreeMap<u32, u32>,
) -> Result<ElementSection> {
    let mut elements = ElementSection::new();
    for element in &module.elements {
        let functions = element.functions.iter();
        let functions = functions.map(|function| number(numbers, *function));
        let functions = functions.collect::<Result<Vec<u32>>>()?;
        let slot = ConstExpr::i32_const(i32::try_from(element.slot)?);
        elements.active(None, &slot, Elements::Functions(functions.into()));
    }
    let before = module.function_table()?.initial_slots()?;
    for (function, slots) in &plan.slots {
        for slot in slots.iter().filter(|slot| **slot >= before) {
            let slot = ConstExpr::i32_const(i32::try_from(*slot)?);
            let stub = vec![number(numbers, *function)?];
            elements.active(None, &slot, Elements::Functions(stub.into()));
        }
    }
    Ok(elements)
}

fn code(module: &Module<'_>, plan: &Plan, numbers: &BTreeMap<u32, u32>) -> Result<CodeSection> {
    let mut code = CodeSection::new();
    for function in &plan.first {
        let body = rewritten(module.body(*function)?, |operator, new| match operator {
            Operator::Call { function_index } => {
                call(module, plan, numbers, *function_index, new)?;
                Ok(true)
            }
            Operator::RefFunc { .. } | Operator::ReturnCall { .. } => {
                bail!("{operator:?} is not known")
            }
            _ => Ok(false),
        })?;
        code.raw(&body);
    }
    for function in plan.slots.keys() {
        code.function(&stub(module, plan, *function)?);
    }
    Ok(code)
}

fn call(
    module: &Module<'_>,
    plan: &Plan,
    numbers: &BTreeMap<u32, u32>,
    callee: u32,
    new: &mut Vec<u8>,
) -> Result<()> {
    if plan.slots.contains_key(&callee) {
        Instruction::I32Const(plan.slot(callee)?).encode(new);
        through_table(module, callee)?.encode(new);
    } else {
        Instruction::Call(number(numbers, callee)?).encode(new);
    }
    Ok(())
}

fn through_table(module: &Module<'_>, callee: u32) -> Result<Instruction<'static>> {
    Ok(Instruction::CallIndirect {
        type_index: module.kind(callee)?,
        table_index: 0,
    })
}

/// Brings the rest, which takes this stub's place in the table, and calls what is there now.
fn stub(module: &Module<'_>, plan: &Plan, function: u32) -> Result<Function> {
    let kind = module.function_type(module.kind(function)?)?;
    let mut stub = Function::new([]);
    stub.instruction(&Instruction::Call(module.imported()));
    for (parameter, _) in (0..).zip(kind.params()) {
        stub.instruction(&Instruction::LocalGet(parameter));
    }
    stub.instruction(&Instruction::I32Const(plan.slot(function)?));
    stub.instruction(&through_table(module, function)?);
    stub.instruction(&Instruction::End);
    Ok(stub)
}
