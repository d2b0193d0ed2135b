//! The client signs four documents in one act, and is refused where that is right.

use std::path::Path;

use domain::{HashAlgorithm, Id, Purpose};
use hsm::{ActivateError, ActivateRequest, Clock, Service, SystemClock, ToBeSigned};
use sdk::Password;
use signer::Act;

use super::{
    DemoError, PASSWORD, Story,
    client::{self, Client},
    documents::Documents,
    failed,
    office::Office,
    vault::Vault,
};

/// Signs, and is refused where it must be. Gives one more request under the right password, not used yet.
pub(super) async fn sign(
    (vault, office): (&Vault, &Office),
    client: &Client,
    story: &mut Story,
    out: &Path,
) -> Result<ActivateRequest, DemoError> {
    let right = Password::new(PASSWORD).map_err(failed("typing a password"))?;
    let wrong = Password::new("жасыл алма, көк тау, 7 жол").map_err(failed("typing a password"))?;
    let documents = Documents::new(out)?;

    let (request, _) = prepare(vault, (client, &documents), &wrong).await?;
    match vault.web.activate(request).await {
        Err(error @ ActivateError::WrongPassword { .. }) => {
            story.tell("A wrong password is typed", format!("refused: {error}"));
        }
        other => return Err(DemoError::Promise(format!("a wrong password gave {other:?}"))),
    }
    let (request, act) = prepare(vault, (client, &documents), &right).await?;
    let batch = vault
        .web
        .activate(request.clone())
        .await
        .map_err(failed("signing"))?;
    let signed = act.finish(&batch).map_err(failed("finishing the documents"))?;
    story.tell(
        "The right password is typed once, for a PDF, an XML document, a file and a container",
        format!(
            "activation {} signed {} documents",
            batch.activation,
            signed.len()
        ),
    );
    let told = documents.keep(signed, office, out).await?;
    story.tell(
        "Each is time-stamped, given its validation data, and sealed for the archive (B-LTA)",
        told,
    );

    match vault.web.activate(request).await {
        Err(ActivateError::Replayed) => story.tell(
            "The same message is sent again",
            format!("refused: {}", ActivateError::Replayed),
        ),
        other => return Err(DemoError::Promise(format!("a replay gave {other:?}"))),
    }
    let (mut swapped, _) = prepare(vault, (client, &documents), &right).await?;
    let other = HashAlgorithm::Sha256.digest(b"The client borrows 9 000 000 tenge.");
    if let Some((_, structure)) = swapped.list.first_mut() {
        *structure = ToBeSigned::Digest(other);
    }
    match vault.web.activate(swapped).await {
        Err(error @ ActivateError::Structure { .. }) => story.tell(
            "The service swaps a document after it was shown",
            format!("refused: {error}"),
        ),
        other => return Err(DemoError::Promise(format!("a swapped document gave {other:?}"))),
    }
    Ok(prepare(vault, (client, &documents), &right).await?.0)
}

/// Everything up to the call: proof, challenge, password hashed on the device, structures.
async fn prepare(
    vault: &Vault,
    (client, documents): (&Client, &Documents),
    password: &Password,
) -> Result<(ActivateRequest, Act), DemoError> {
    let now = SystemClock.now();
    let session = Id::new(now, &mut client::random());
    let assertion = client::proven(vault, session, now).await?;
    let purpose = Purpose::Activate(client.key.credential);
    let challenge = vault
        .web
        .challenge(hsm::ChallengeRequest { session, purpose })
        .await
        .map_err(failed("asking for a challenge"))?;
    let accepted = vault
        .device
        .accept_activation(&challenge, (session, client.key.credential), now)
        .map_err(failed("checking the challenge"))?;
    let nonce = accepted.nonce();
    let act = documents.prepare(client)?;
    let sad = accepted
        .sign(password, act.shown().collect(), now, &mut client::random())
        .map_err(failed("sealing the signature activation data"))?;
    let request = ActivateRequest {
        assertion,
        nonce,
        sad,
        profile: domain::SignatureProfile::default_for(client.key.algorithm),
        list: act.to_be_signed(),
    };
    Ok((request, act))
}

/// A revoked certificate's key is destroyed: the right password opens nothing.
pub(super) async fn unusable(
    vault: &Vault,
    request: ActivateRequest,
    story: &mut Story,
) -> Result<(), DemoError> {
    match vault.web.activate(request).await {
        Err(error) => {
            story.tell(
                "The right password is typed once more",
                format!("refused: {error}"),
            );
            Ok(())
        }
        Ok(_) => Err(DemoError::Promise("a revoked key signed".to_owned())),
    }
}
