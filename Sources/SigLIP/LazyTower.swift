internal import Synchronization

/// A tower that is put together when it is first needed, and may be let go again.
final class LazyTower<Tower: Sendable>: Sendable {
  private let tower = Mutex<Tower?>(nil)
  private let load: @Sendable () throws(CheckpointError) -> Tower

  init(_ load: @escaping @Sendable () throws(CheckpointError) -> Tower) {
    self.load = load
  }

  /// The tower; whoever asks while it is being put together waits.
  func loaded() throws(CheckpointError) -> Tower {
    let result = tower.withLock { tower in
      Result { () throws(CheckpointError) in
        if let tower { return tower }
        let made = try load()
        tower = made
        return made
      }
    }
    return try result.get()
  }

  /// Whether the tower is there.
  var isLoaded: Bool { tower.withLock { $0 != nil } }

  /// Lets the tower go; its memory is free when nobody computes with it any more.
  func release() {
    tower.withLock { $0 = nil }
  }
}
