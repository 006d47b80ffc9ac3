/// One thing wrong in a YAML file: where, what stands there and what should.
package struct DefinitionProblem: Sendable, Equatable {
  /// The path as the user gave it.
  package let file: String
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int
  package let found: String
  package let expected: String
  /// A known word that is close to the one found.
  package let suggestion: String?

  package init(
    file: String, line: Int, column: Int, found: String, expected: String, suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }
}

extension DefinitionProblem: CustomStringConvertible {
  /// `file:line:column: what was found; expected what`.
  package var description: String {
    let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
    return "\(file):\(line):\(column): \(found); expected \(expected)\(hint)"
  }
}

/// Why a definition could not be loaded, or the shipped data not found.
package enum DefinitionError: Error, Sendable, Equatable {
  /// Everything wrong in one file, in the order of the lines; at least one problem.
  case invalid([DefinitionProblem])
  /// A file or directory that cannot be read.
  case unreadable(path: String, reason: String)
  /// No directory with the shipped data; the places that were looked at.
  case shippedDataNotFound(looked: [String])
  /// The environment variable names a directory that does not hold the shipped data.
  case homeWithoutData(variable: String, missing: String)
}

extension DefinitionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalid(let problems):
      problems.map(\.description).joined(separator: "\n")
    case .unreadable(let path, let reason):
      "\(path): \(reason)"
    case .shippedDataNotFound(let looked):
      "Windowing/ and Pipelines/ not found; looked in \(looked.joined(separator: ", ")). "
        + "Set BUCKY_HOME to the directory that holds them."
    case .homeWithoutData(let variable, let missing):
      "\(variable) is set, but \(missing) is not a directory"
    }
  }
}
