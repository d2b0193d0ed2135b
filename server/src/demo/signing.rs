//! The client signs, and is refused where that is right.

use std::{fs, path::Path};

use domain::{HashAlgorithm, Id, Purpose, ShownDocument};
use hsm::{ActivateError, ActivateRequest, Clock, Service, SystemClock, ToBeSigned};
use sdk::Password;

use super::{
    DemoError, PASSWORD, Story,
    client::{self, Client},
    cms, failed,
    vault::Vault,
};

const SAMPLE: &str = "Loan agreement No. 1\nThe client borrows 1 000 000 tenge for twelve months.\n";

/// Signs, and is refused where it must be. Gives one more request under the right password, not used yet.
pub(super) async fn sign(
    vault: &Vault,
    client: &Client,
    story: &mut Story,
    out: &Path,
) -> Result<ActivateRequest, DemoError> {
    fs::write(out.join("sample.bin"), SAMPLE)?;
    let right = Password::new(PASSWORD).map_err(failed("typing a password"))?;
    let wrong = Password::new("жасыл алма, көк тау, 7 жол").map_err(failed("typing a password"))?;

    let (request, _) = prepare(vault, client, &wrong).await?;
    match vault.web.activate(request).await {
        Err(error @ ActivateError::WrongPassword { .. }) => {
            story.tell("A wrong password is typed", format!("refused: {error}"));
        }
        other => return Err(DemoError::Promise(format!("a wrong password gave {other:?}"))),
    }
    let (request, attributes) = prepare(vault, client, &right).await?;
    let batch = vault
        .web
        .activate(request.clone())
        .await
        .map_err(failed("signing"))?;
    let (_, signature) = batch
        .signatures
        .first()
        .ok_or_else(|| DemoError::Promise("no signature came".to_owned()))?;
    let signed = cms::finish(
        [&client.certificate, &client.issuer],
        &attributes,
        signature.as_bytes(),
    )?;
    fs::write(out.join("sample.bin.p7s"), signed)?;
    story.tell(
        "The right password is typed",
        format!("activation {} signed sample.bin", batch.activation),
    );

    match vault.web.activate(request.clone()).await {
        Err(ActivateError::Replayed) => story.tell(
            "The same message is sent again",
            format!("refused: {}", ActivateError::Replayed),
        ),
        other => return Err(DemoError::Promise(format!("a replay gave {other:?}"))),
    }
    let (mut swapped, _) = prepare(vault, client, &right).await?;
    let other = HashAlgorithm::Sha256.digest(b"The client borrows 9 000 000 tenge.");
    let altered = cms::attributes(&client.certificate, &other)?;
    swapped
        .list
        .iter_mut()
        .for_each(|(_, structure)| *structure = ToBeSigned::CmsAttributes(altered.clone()));
    match vault.web.activate(swapped).await {
        Err(error @ ActivateError::Structure { .. }) => story.tell(
            "The service swaps the document after it was shown",
            format!("refused: {error}"),
        ),
        other => return Err(DemoError::Promise(format!("a swapped document gave {other:?}"))),
    }
    Ok(prepare(vault, client, &right).await?.0)
}

/// Everything up to the call: proof, challenge, password hashed on the device, structure.
async fn prepare(
    vault: &Vault,
    client: &Client,
    password: &Password,
) -> Result<(ActivateRequest, Vec<u8>), DemoError> {
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
    let document = ShownDocument {
        id: Id::new(now, &mut client::random()),
        digest: HashAlgorithm::Sha256.digest(SAMPLE.as_bytes()),
    };
    let sad = accepted
        .sign(password, vec![document], now, &mut client::random())
        .map_err(failed("sealing the signature activation data"))?;
    let attributes = cms::attributes(&client.certificate, &document.digest)?;
    let list = vec![(vec![document.id], ToBeSigned::CmsAttributes(attributes.clone()))];
    let profile = domain::SignatureProfile::default_for(client.key.algorithm);
    Ok((
        ActivateRequest {
            assertion,
            nonce,
            sad,
            profile,
            list,
        },
        attributes,
    ))
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
