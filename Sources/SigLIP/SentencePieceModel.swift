internal import CSentencePiece

/// A loaded SentencePiece model.
///
/// Safe to share between threads: the library does not change a model after loading, and the handle is freed once, when
/// the last reference goes.
@safe
final class SentencePieceModel: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Loads a serialised model; the dummy prefix it may ask for is switched off, as the Hugging Face tokenizer does.
  ///
  /// - Throws: The reason of ``SentencePieceCheck``, or the library's.
  init(serialized: [UInt8]) throws(SentencePieceError) {
    try SentencePieceCheck.check(serialized)
    var error = csp_error()
    var handle: OpaquePointer?
    let status = unsafe serialized.withUnsafeBytes { bytes in
      // An empty array has no address; a model of no bytes is refused all the same.
      unsafe bytes.baseAddress.map { unsafe csp_model_create($0, bytes.count, &handle, &error) } ?? CSP_INVALID_MODEL
    }
    guard status == CSP_OK, let handle = unsafe handle else { throw SentencePieceError(error) }
    unsafe self.handle = handle
  }

  deinit { unsafe csp_model_free(handle) }

  var pieceCount: Int { Int(unsafe csp_model_piece_count(handle)) }

  /// The identifier of `piece`, or that of the unknown piece.
  func identifier(of piece: String) -> Int32 {
    let text = Array(piece.utf8CString)
    return unsafe csp_model_piece_id(handle, text, text.count - 1)
  }

  /// The identifiers of the pieces that `text` is split into.
  func encode(_ text: String) throws(SentencePieceError) -> [Int32] {
    // Every piece covers at least one byte of the normalised text, which rarely grows; where it does, ask again.
    var capacity = 2 * text.utf8.count + 16
    while true {
      var error = csp_error()
      var count = 0
      var status = CSP_OK
      let bytes = Array(text.utf8CString)
      let ids = unsafe [Int32](unsafeUninitializedCapacity: capacity) { buffer, filled in
        if let base = buffer.baseAddress {
          unsafe status = csp_model_encode(handle, bytes, bytes.count - 1, base, capacity, &count, &error)
        }
        filled = status == CSP_OK ? count : 0
      }
      if status == CSP_OK { return ids }
      guard status == CSP_BUFFER_TOO_SMALL, count > capacity else { throw SentencePieceError(error) }
      capacity = count
    }
  }
}

/// The reason for refusing a model or a text.
struct SentencePieceError: Error, Sendable, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  fileprivate init(_ error: csp_error) {
    var error = error
    self.reason = unsafe withUnsafeBytes(of: &error.message) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
