/// Where a batch stands; the caller shows it as it likes. Holds counts only, never anything of a patient.
package struct BatchProgress: Sendable {
  /// What is being counted.
  package enum Phase: String, Sendable {
    case discovering = "Reading headers"
    case series = "Measuring series"
    case prompts = "Embedding prompts"
    case images = "Images"
    case passes = "Passes"
    case sheets = "Contact sheets"
    case objects = "Objects"
    case exports = "Exports"
  }

  package let phase: Phase
  package let done: Int
  package let total: Int
}

/// Receives progress; called on the batch's own task, never concurrently.
package typealias ProgressReceiver = @Sendable (BatchProgress) -> Void
