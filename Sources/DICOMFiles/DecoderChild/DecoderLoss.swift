internal import CSandbox

/// How a decoder child was lost.
package enum DecoderLoss: Error, Sendable, Equatable {
  /// Killed by a signal, by its number.
  case signal(Int32)
  /// It ended by itself; `nil` when nobody can tell how.
  case ended(status: Int32?)
  case processorTime(seconds: Int)
  case clockTime(seconds: Int)
  /// It answered what no decoder answers, and was killed.
  case invalidReply(fact: String)
  /// The run was stopped, and its children with it.
  case stopped
  /// The system refuses to start it; an `errno`.
  case notStarted(errno: Int32)
}

extension DecoderLoss: CustomStringConvertible {
  /// What follows "the decoder child".
  package var description: String {
    switch self {
    case .signal(let number):
      "was killed by \(Self.name(of: number))"
        + (Self.name(of: number) == "SIGSYS" ? ": it made a system call that is not allowed" : "")
    case .ended(let status?): "ended with status \(status)"
    case .ended(status: nil): "ended for an unknown reason"
    case .processorTime(let seconds): "was killed by SIGXCPU: it used more than \(seconds) s of processor time"
    case .clockTime(let seconds): "was killed: it gave no answer within \(seconds) s"
    case .invalidReply(let fact): "was killed: its answer was no valid one, \(fact)"
    case .stopped: "was ended: the run was stopped"
    case .notStarted(let code): "could not be started: \(SystemError.text(code))"
    }
  }

  static func name(of signal: Int32) -> String { unsafe String(cString: csandbox_signal_name(signal)) }
}

/// What keeps one request to a child from being answered.
enum DecoderFailure: Error {
  /// The answer: the file cannot be used.
  case file(DICOMFileError)
  /// The answer: to read it takes so many bytes of heap, more than were allowed.
  case needs(heap: Int)
  case lost(DecoderLoss)
}
