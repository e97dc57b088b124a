// SPDX-License-Identifier: Apache-2.0
// Types of the global `Parley` that the script brings, made of those of the module. Other than `export as namespace`,
// they also hold in a page's own modules.

import ts from 'typescript';

/** Declarations of a constant `Parley` and of a namespace with the types of this declaration file. */
export function globalTypes(file) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const types = exports
    .map((symbol) => ({
      name: symbol.name,
      target: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    }))
    .filter(({ target }) => target.flags & ts.SymbolFlags.Type)
    .map(({ name, target }) => alias(name, target));
  return [
    '/** The browser client of Parley, as the script brings it. */',
    "declare const Parley: typeof import('./index.js');",
    'declare namespace Parley {',
    ...types.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

/** A type that may have parameters, under its name. */
function alias(name, symbol) {
  const parameters = symbol.declarations.find(({ typeParameters }) => typeParameters)?.typeParameters ?? [];
  const declared = parameters.length > 0 ? `<${parameters.map((parameter) => parameter.getText()).join(', ')}>` : '';
  const used = parameters.length > 0 ? `<${parameters.map((parameter) => parameter.name.text).join(', ')}>` : '';
  return `type ${name}${declared} = import('./index.js').${name}${used};`;
}
