//! The words of EN 319 102-1 §5.1.3 for what was found.

macro_rules! sub_indications {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $indication:ident;)+) => {
        /// Why a signature is not passed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SubIndication { $($(#[$doc])* $variant,)+ }

        impl SubIndication {
            /// Every one that is given here.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name of the standard.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it makes of a signature.
            pub const fn indication(self) -> Indication {
                match self { $(Self::$variant => Indication::$indication,)+ }
            }
        }
    };
}

/// What a signature is found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indication {
    /// Everything that is asked for is proven.
    TotalPassed,
    /// Something could not be proven, and nothing was disproven.
    Indeterminate,
    /// It is proven to be no valid signature.
    TotalFailed,
}

impl Indication {
    /// The name of the standard.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        }
    }
}

sub_indications! {
    /// It is not of the form that it should have, or has more than one reading.
    FormatFailure = "FORMAT_FAILURE", TotalFailed;
    /// What is covered is not what was signed.
    HashFailure = "HASH_FAILURE", TotalFailed;
    /// The value does not verify with the signer's key.
    SigCryptoFailure = "SIG_CRYPTO_FAILURE", TotalFailed;
    /// It was proven to be made after the certificate was revoked.
    Revoked = "REVOKED", TotalFailed;
    /// It was proven to be made after the certificate had ended.
    Expired = "EXPIRED", TotalFailed;
    /// It was proven to be made before the certificate began.
    NotYetValid = "NOT_YET_VALID", TotalFailed;
    /// What is covered is not here.
    SignedDataNotFound = "SIGNED_DATA_NOT_FOUND", Indeterminate;
    /// The signer's certificate is not here, or not the one that is meant.
    NoSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND", Indeterminate;
    /// No way leads from the certificate to a trust anchor.
    NoCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND", Indeterminate;
    /// A chain is there and does not hold.
    CertificateChainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE", Indeterminate;
    /// The certificate is not for such signatures.
    ChainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE", Indeterminate;
    /// The signature has not the attributes that it must have.
    SigConstraintsFailure = "SIG_CONSTRAINTS_FAILURE", Indeterminate;
    /// An algorithm proves nothing, or not any more, and the signature is not proven to be older.
    CryptoConstraintsFailureNoPoe = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", Indeterminate;
    /// Time stamps are not in the order of their times.
    TimestampOrderFailure = "TIMESTAMP_ORDER_FAILURE", Indeterminate;
    /// The certificate is revoked, and the signature is not proven to be older.
    RevokedNoPoe = "REVOKED_NO_POE", Indeterminate;
    /// An authority's certificate is revoked, and the signature is not proven to be older.
    RevokedCaNoPoe = "REVOKED_CA_NO_POE", Indeterminate;
    /// The certificate's time is over or has not come, it is known not to be revoked, and the signature is not proven to be
    /// of its time.
    OutOfBoundsNotRevoked = "OUT_OF_BOUNDS_NOT_REVOKED", Indeterminate;
    /// The certificate's time is over or has not come, and the signature is not proven to be of its time.
    OutOfBoundsNoPoe = "OUT_OF_BOUNDS_NO_POE", Indeterminate;
    /// The certificate of who answers for its status is over, and the answer is not proven to be older.
    RevocationOutOfBoundsNoPoe = "REVOCATION_OUT_OF_BOUNDS_NO_POE", Indeterminate;
    /// The status of a certificate is not known for the time that matters; more may be known later.
    TryLater = "TRY_LATER", Indeterminate;
    /// Nothing proves that something existed when it had to.
    NoPoe = "NO_POE", Indeterminate;
}

impl SubIndication {
    /// Whether proof that the signature is older can help: EN 319 102-1 §5.5.4 and §5.6.3.
    pub const fn asks_for_the_past(self) -> bool {
        matches!(
            self,
            Self::RevokedNoPoe
                | Self::RevokedCaNoPoe
                | Self::OutOfBoundsNotRevoked
                | Self::OutOfBoundsNoPoe
                | Self::RevocationOutOfBoundsNoPoe
                | Self::CryptoConstraintsFailureNoPoe
                | Self::TryLater
        )
    }
}
