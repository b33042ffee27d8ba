//! Who may write into a store: one process that does everything, or any number that each do a part.

use super::Store;
use std::fs::{File, TryLockError};

/// What a process wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Run whatever is missing.
    Alone,
    /// Run one part; others run other parts.
    Part,
}

/// The right to write, until it is dropped or the process ends in whatever way: the lock is the operating system's, so that
/// a killed process leaves none.
#[derive(Debug)]
pub struct Guard {
    _file: File,
    /// Whether the file system has no locks, so that nothing was locked.
    pub unlocked: bool,
}

impl Store {
    /// Takes the lock.
    ///
    /// # Errors
    /// A text for the user: somebody else has it, or it cannot be had.
    pub fn guard(&self, access: Access) -> Result<Guard, String> {
        let path = self.path.join("lock");
        // The file is never replaced nor removed: a lock belongs to the file, not to its name.
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path);
        let file = file.map_err(|e| format!("cannot write into {}: {e}", self.path.display()))?;
        let locked = match access {
            Access::Alone => file.try_lock(),
            Access::Part => file.try_lock_shared(),
        };
        match locked {
            Ok(()) => Ok(Guard {
                _file: file,
                unlocked: false,
            }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another lamplight is working on {}. Nothing is wrong: look how far it is with --status, wait for it, or stop it and run \
                 this command again; what is finished is kept. Several processes can share the work if each has a part of its own: \
                 --shard 1/2 and --shard 2/2",
                self.path.display()
            )),
            // Some network file systems have no locks. Two writers would then waste time but no result: whichever finishes a
            // shard second writes the same bytes under the same name.
            Err(TryLockError::Error(_)) => Ok(Guard {
                _file: file,
                unlocked: true,
            }),
        }
    }
}
