//! [`Record`]: little-endian numbers, one after the other.

use super::{Common, form};
use crate::asic::ContainerError;

/// What is left to be read, and where in the file it stands.
pub(super) struct Record<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: u64,
}

impl<'a> Record<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], ContainerError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(form("the end", self.at))?;
        self.bytes = rest;
        self.at += length as u64;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ContainerError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| form("the end", at))
    }

    pub(super) fn u16(&mut self) -> Result<u16, ContainerError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, ContainerError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, ContainerError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A size or an offset, of four bytes or of eight.
    pub(super) fn size(&mut self, is_wide: bool) -> Result<u64, ContainerError> {
        if is_wide {
            self.u64()
        } else {
            self.u32().map(u64::from)
        }
    }

    pub(super) fn signature(&mut self, wanted: [u8; 4]) -> Result<(), ContainerError> {
        let at = self.at;
        if self.array()? == wanted {
            Ok(())
        } else {
            Err(form("no header", at))
        }
    }

    /// From the flags to the lengths of name and extra field.
    pub(super) fn common(&mut self) -> Result<(Common, u16, u16), ContainerError> {
        let (flags, method) = (self.u16()?, self.u16()?);
        self.u32()?; // time and date
        let common = Common {
            flags,
            method,
            crc: self.u32()?,
            packed: self.u32()?.into(),
            length: self.u32()?.into(),
        };
        Ok((common, self.u16()?, self.u16()?))
    }

    pub(super) fn end(&self) -> Result<(), ContainerError> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(form("something after the end", self.at))
        }
    }
}
