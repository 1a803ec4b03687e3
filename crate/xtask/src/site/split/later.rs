//! The rest: its functions, and the slots they take when it is brought.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, Encode, EntityType, FunctionSection,
    ImportSection, Instruction, MemoryType, Module as Encoder,
};
use wasmparser::Operator;

use super::first::{global_type, table_type, types};
use super::module::Module;
use super::{FIRST, Plan, rewritten, short_name};

/// Writes the file of the rest.
pub(super) fn encode(module: &Module<'_>, plan: &Plan) -> Result<Vec<u8>> {
    let (types, _) = types(module)?;
    let own = plan.shared.iter().chain(&plan.later).copied();
    let numbers: BTreeMap<u32, u32> = own.zip(0..).collect();
    let mut functions = FunctionSection::new();
    for function in &plan.later {
        functions.function(module.kind(*function)?);
    }
    let mut encoder = Encoder::new();
    encoder
        .section(&types)
        .section(&imports(module, plan)?)
        .section(&functions)
        .section(&elements(plan, &numbers)?)
        .section(&code(module, plan, &numbers)?);
    Ok(encoder.finish())
}

/// What JavaScript gives, what the first file gives, and its memory, tables and globals with the
/// numbers they have there.
fn imports(module: &Module<'_>, plan: &Plan) -> Result<ImportSection> {
    let mut imports = ImportSection::new();
    for function in &plan.shared {
        let kind = EntityType::Function(module.kind(*function)?);
        match module.imports.get(usize::try_from(*function)?) {
            Some(import) => imports.import(import.module, import.name, kind),
            None => imports.import(FIRST, &short_name('f', *function), kind),
        };
    }
    let memory = module.memory.context("there is no memory")?;
    let memory = MemoryType {
        minimum: memory.initial,
        maximum: memory.maximum,
        memory64: memory.memory64,
        shared: memory.shared,
        page_size_log2: memory.page_size_log2,
    };
    imports.import(FIRST, &short_name('m', 0), memory);
    for (number, table) in (0..).zip(&module.tables) {
        let added = if number == 0 { plan.added_slots } else { 0 };
        imports.import(FIRST, &short_name('t', number), table_type(table, added)?);
    }
    for (number, global) in (0..).zip(&module.globals) {
        imports.import(FIRST, &short_name('g', number), global_type(global)?);
    }
    Ok(imports)
}

/// The slots in runs, so that neighbours need no numbers.
fn elements(plan: &Plan, numbers: &BTreeMap<u32, u32>) -> Result<ElementSection> {
    let slots = plan.slots.iter();
    let slots =
        slots.flat_map(|(function, slots)| slots.iter().map(move |slot| (*slot, *function)));
    let by_slot: BTreeMap<u32, u32> = slots.collect();
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (slot, function) in by_slot {
        let number = *numbers
            .get(&function)
            .context("a slot holds no function of the rest")?;
        match runs.last_mut() {
            Some((start, run)) if usize::try_from(slot - *start)? == run.len() => run.push(number),
            _ => runs.push((slot, vec![number])),
        }
    }
    let mut elements = ElementSection::new();
    for (slot, run) in runs {
        let slot = ConstExpr::i32_const(i32::try_from(slot)?);
        elements.active(None, &slot, Elements::Functions(run.into()));
    }
    Ok(elements)
}

fn code(module: &Module<'_>, plan: &Plan, numbers: &BTreeMap<u32, u32>) -> Result<CodeSection> {
    let mut code = CodeSection::new();
    for function in &plan.later {
        let body = rewritten(module.body(*function)?, |operator, new| match operator {
            Operator::Call { function_index } => {
                let number = numbers
                    .get(function_index)
                    .context("a call leads nowhere")?;
                Instruction::Call(*number).encode(new);
                Ok(true)
            }
            // Segments of data belong to the first file.
            Operator::RefFunc { .. }
            | Operator::ReturnCall { .. }
            | Operator::MemoryInit { .. }
            | Operator::DataDrop { .. } => bail!("{operator:?} is not known"),
            _ => Ok(false),
        })?;
        code.raw(&body);
    }
    Ok(code)
}
