//! Files that are whole or absent, and the checksums of their bytes.

use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Hexadecimal digits of a checksum in a file's name.
pub(super) const DIGITS: usize = 32;
/// How the names of unfinished files begin.
pub(super) const TEMPORARY: &str = ".tmp-";

/// A file under a name that no other process has, removed unless it is renamed.
pub(crate) struct Temporary {
    path: PathBuf,
    file: Option<File>,
    kept: bool,
}

impl Temporary {
    /// A new file in `folder`.
    pub fn new(folder: &Path) -> io::Result<Temporary> {
        // Two machines may have processes of one number: whoever creates the file first has the name.
        for n in 0.. {
            let path = folder.join(format!("{TEMPORARY}{}-{n}", std::process::id()));
            match File::options().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists && n < 1_000_000 => {}
                Err(e) => return Err(e),
                Ok(file) => {
                    return Ok(Temporary {
                        path,
                        file: Some(file),
                        kept: false,
                    });
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Fills, syncs and renames the file.
    pub fn keep(mut self, target: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
        let file = self.file.take().ok_or(io::ErrorKind::NotFound)?;
        let mut out = BufWriter::new(file);
        fill(&mut out)?;
        out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
        self.rename(target)
    }

    /// The open file.
    pub fn take(&mut self) -> io::Result<File> {
        self.file.take().ok_or(io::ErrorKind::NotFound.into())
    }

    /// Gives the synced file its name, and makes the name last.
    pub fn rename(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.kept = true;
        // Not every file system can sync a folder; the file itself is safe.
        if let Some(folder) = target.parent().and_then(|f| File::open(f).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that is hashed while it is written.
pub(crate) struct Hashing {
    file: File,
    digest: Sha256,
}

impl Hashing {
    /// Hashes what is written into `file` from now on.
    pub fn new(file: File) -> Hashing {
        Hashing {
            file,
            digest: Sha256::new(),
        }
    }
    /// Syncs the file; the checksum of its bytes.
    pub fn finish(self) -> io::Result<String> {
        self.file.sync_all()?;
        Ok(hex(self.digest))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.digest.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(digest: Sha256) -> String {
    let bytes = digest.finalize();
    bytes.iter().take(DIGITS / 2).map(|b| format!("{b:02x}")).collect()
}

/// Checksum of a file's bytes, as in a shard's name.
pub(crate) fn checksum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex(digest));
        }
        digest.update(&buffer[..n]);
    }
}
