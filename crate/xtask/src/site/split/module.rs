//! A program as rustc, wasm-bindgen and wasm-opt write it, taken apart.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    ElementItems, ElementKind, Export, ExternalKind, FuncType, FunctionBody, GlobalType,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef,
};

/// The parts that the two files are made of.
#[derive(Debug, Default)]
pub(super) struct Module<'a> {
    pub(super) types: Vec<FuncType>,
    pub(super) imports: Vec<Import<'a>>,
    /// Type of each defined function.
    pub(super) functions: Vec<u32>,
    pub(super) tables: Vec<TableType>,
    pub(super) memory: Option<MemoryType>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) exports: Vec<Export<'a>>,
    pub(super) start: Option<u32>,
    pub(super) elements: Vec<Element>,
    pub(super) names: BTreeMap<u32, &'a str>,
    bodies: Vec<FunctionBody<'a>>,
    /// Sections that are copied as they are, by their number.
    raw: BTreeMap<u8, &'a [u8]>,
}

/// A function that JavaScript gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Import<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: u32,
}

/// Functions that are put into the table at the start.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) slot: u32,
    pub(super) functions: Vec<u32>,
}

/// A table that holds functions.
#[derive(Debug)]
pub(super) struct FunctionTable(TableType);

impl FunctionTable {
    /// How many slots it has when the program starts.
    pub(super) fn initial_slots(&self) -> Result<u32> {
        Ok(u32::try_from(self.0.initial)?)
    }
}

/// The number of a section ([WebAssembly §5.5.2]).
///
/// [WebAssembly §5.5.2]: https://webassembly.github.io/spec/core/binary/modules.html#sections
pub(super) mod section {
    pub(in super::super) const MEMORY: u8 = 5;
    pub(in super::super) const GLOBAL: u8 = 6;
    pub(in super::super) const DATA: u8 = 11;
    pub(in super::super) const DATA_COUNT: u8 = 12;
}

impl<'a> Module<'a> {
    pub(super) fn parse(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?, wasm)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>, wasm: &'a [u8]) -> Result<()> {
        match payload {
            Payload::TypeSection(reader) => {
                for group in reader.into_iter_err_on_gc_types() {
                    self.types.push(group?);
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import?;
                    let TypeRef::Func(kind) = import.ty else {
                        bail!("{} is imported, which is no function", import.name);
                    };
                    let (module, name) = (import.module, import.name);
                    self.imports.push(Import { module, name, kind });
                }
            }
            Payload::FunctionSection(reader) => {
                self.functions = reader.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(reader) => {
                for table in reader {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(reader) => {
                self.keep(section::MEMORY, &reader.range(), wasm)?;
                self.memory = reader.into_iter().next().transpose()?;
            }
            Payload::GlobalSection(reader) => {
                self.keep(section::GLOBAL, &reader.range(), wasm)?;
                for global in reader {
                    let global = global?;
                    for operator in global.init_expr.get_operators_reader() {
                        let is_function = matches!(operator?, Operator::RefFunc { .. });
                        ensure!(!is_function, "a global holds a function");
                    }
                    self.globals.push(global.ty);
                }
            }
            Payload::ExportSection(reader) => {
                self.exports = reader.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(reader) => {
                for element in reader {
                    self.elements.push(taken_element(element?)?);
                }
            }
            Payload::DataCountSection { range, .. } => {
                self.keep(section::DATA_COUNT, &range, wasm)?;
            }
            Payload::DataSection(reader) => self.keep(section::DATA, &reader.range(), wasm)?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(reader) => {
                if let KnownCustom::Name(names) = reader.as_known() {
                    for part in names {
                        if let Name::Function(map) = part? {
                            for naming in map {
                                let naming = naming?;
                                self.names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            other => bail!("the program has a part that is not known: {other:?}"),
        }
        Ok(())
    }

    fn keep(&mut self, number: u8, range: &std::ops::Range<u64>, wasm: &'a [u8]) -> Result<()> {
        let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
        let bytes = wasm.get(start..end).context("a section is cut short")?;
        self.raw.insert(number, bytes);
        Ok(())
    }

    /// A section as it is, if there is one.
    pub(super) fn raw(&self, number: u8) -> Option<wasm_encoder::RawSection<'a>> {
        let data = *self.raw.get(&number)?;
        Some(wasm_encoder::RawSection { id: number, data })
    }

    /// How many functions are imported: they come first in the numbering.
    pub(super) fn imported(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// The numbers of the functions that are not imported.
    pub(super) fn defined(&self) -> std::ops::Range<u32> {
        let count = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
        self.imported()..self.imported().saturating_add(count)
    }

    fn place(&self, function: u32) -> Result<usize> {
        let place = function.checked_sub(self.imported());
        Ok(usize::try_from(place.context("this is an import")?)?)
    }

    /// The body of a defined function.
    pub(super) fn body(&self, function: u32) -> Result<&FunctionBody<'a>> {
        let body = self.bodies.get(self.place(function)?);
        body.context("there is no such function")
    }

    /// The number of a function's type.
    pub(super) fn kind(&self, function: u32) -> Result<u32> {
        if let Some(import) = self.imports.get(usize::try_from(function)?) {
            return Ok(import.kind);
        }
        let kind = self.functions.get(self.place(function)?);
        kind.copied().context("there is no such function")
    }

    /// The type of that number.
    pub(super) fn function_type(&self, kind: u32) -> Result<&FuncType> {
        let kind = self.types.get(usize::try_from(kind)?);
        kind.context("there is no such type")
    }

    pub(super) fn exported_functions(&self) -> impl Iterator<Item = u32> {
        let functions = self.exports.iter();
        functions
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }

    /// The table of functions, which is the first one.
    pub(super) fn function_table(&self) -> Result<FunctionTable> {
        let table = self
            .tables
            .first()
            .filter(|table| table.element_type.is_func_ref());
        Ok(FunctionTable(*table.context("there is no table")?))
    }

    /// What is in the slots of the table.
    pub(super) fn slots(&self) -> impl Iterator<Item = (u32, u32)> {
        self.elements
            .iter()
            .flat_map(|element| (element.slot..).zip(element.functions.iter().copied()))
    }
}

fn taken_element(element: wasmparser::Element<'_>) -> Result<Element> {
    let (
        ElementKind::Active {
            table_index: None | Some(0),
            offset_expr,
        },
        ElementItems::Functions(items),
    ) = (element.kind, element.items)
    else {
        bail!("functions are put elsewhere than into the table");
    };
    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
        bail!("the place of functions in the table is not fixed");
    };
    Ok(Element {
        slot: u32::try_from(value)?,
        functions: items.into_iter().collect::<Result<_, _>>()?,
    })
}
