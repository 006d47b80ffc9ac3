package import Tensors

/// Why a checkpoint cannot be used, or what is wrong with an input to it.
package enum CheckpointError: Error, Sendable, Equatable {
  case missingFile(directory: String, names: [String])
  case weights(SafetensorsError)
  case jsonSyntax(file: String, JSONSyntaxError)
  /// A setting that is absent, of the wrong type or out of range.
  case setting(file: String, name: String, expected: String, found: String)
  /// A shard index that names a file outside the directory.
  case shardOutsideDirectory(file: String, shard: String)
  case missingTensor(file: String, tensor: String, shape: [Int])
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  case tokenizer(file: String, reason: String)
  case vocabulary(file: String, pieceCount: Int, vocabularySize: Int)
  case prompt(reason: String)
  case imageShape(expected: [Int], found: [Int])
  case tokenCount(maximum: Int, found: Int)
  case tokenOutOfRange(Int32, vocabularySize: Int)
  /// The embedding has no direction: weights or input hold NaN, infinities or zeros only.
  case degenerateEmbedding
}

extension CheckpointError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingFile(let directory, let names): "\(directory): expected \(names.joined(separator: " or "))"
    case .weights(let error): error.description
    case .jsonSyntax(let file, let error): "\(file): not valid JSON: \(error)"
    case .setting(let file, let name, let expected, let found):
      "\(file): \(name): expected \(expected), found \(found)"
    case .shardOutsideDirectory(let file, let shard):
      "\(file): shard \(quoted(shard)): expected the name of a file in the same directory"
    case .missingTensor(let file, let tensor, let shape): "\(file): no tensor \(quoted(tensor)) of shape \(shape)"
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): tensor \(quoted(tensor)): expected shape \(expected) from config.json, found \(found)"
    case .tokenizer(let file, let reason): "\(file): not a SentencePiece model: \(reason)"
    case .vocabulary(let file, let pieceCount, let vocabularySize):
      "\(file): \(pieceCount) pieces, but config.json has a vocabulary of \(vocabularySize)"
    case .prompt(let reason): "the prompt cannot be split into tokens: \(reason)"
    case .imageShape(let expected, let found): "expected an image of shape \(expected), found \(found)"
    case .tokenCount(let maximum, let found): "expected 1 to \(maximum) tokens, found \(found)"
    case .tokenOutOfRange(let token, let size): "token \(token) is not in the vocabulary of \(size)"
    case .degenerateEmbedding: "the embedding is not finite or zero: check weights and input"
    }
  }
}
