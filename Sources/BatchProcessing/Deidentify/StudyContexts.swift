internal import Deidentification
internal import Synchronization

/// What all objects of one study need: made when the first of them is worked on, let go after the last.
final class StudyContexts: Sendable {
  struct Context: Sendable {
    let scrubber: IdentityScrubber
    let tokens: SearchTokens
    let memory = PlanMemory()
  }

  private struct State {
    var harvests: [String: Harvest]
    var remaining: [String: Int]
    var contexts: [String: Context] = [:]
  }

  private let state: Mutex<State>

  /// - Parameters:
  ///   - harvests: By Study Instance UID of the source.
  ///   - objects: How many objects each study has.
  init(harvests: [String: Harvest], objects: [String: Int]) {
    state = Mutex(State(harvests: harvests, remaining: objects))
  }

  func context(of study: String) -> Context {
    state.withLock { state in
      if let context = state.contexts[study] { return context }
      let harvest = state.harvests[study] ?? Harvest()
      let tokens = SearchTokens(harvest)
      let context = Context(scrubber: IdentityScrubber(harvest, residue: tokens), tokens: tokens)
      state.contexts[study] = context
      return context
    }
  }

  func finished(_ study: String) {
    state.withLock { state in
      let left = (state.remaining[study] ?? 1) - 1
      state.remaining[study] = left
      if left <= 0 {
        state.contexts[study] = nil
        state.harvests[study] = nil
      }
    }
  }
}
