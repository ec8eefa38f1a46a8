namespace OrleansCache.Model.Rules;

/// <summary>
/// The rules of the lease protocol. Each can be switched off: a rule that can be removed without breaking a guarantee is either not needed
/// or not modelled. The defaults are the protocol.
/// </summary>
internal sealed record ProtocolRules
{
    // Edits.

    /// <summary>An edit revokes all holders before it commits.</summary>
    public bool RevokeBeforeCommit { get; init; } = true;

    /// <summary>Catalog reads that are in flight when an edit begins are invalidated.</summary>
    public bool BeginVoidsReads { get; init; } = true;

    /// <summary>
    /// Catalog reads that are in flight when the commit is sent are invalidated too: while an edit waits for a holder, reads begin.
    /// </summary>
    public bool CommitVoidsReads { get; init; } = true;

    /// <summary>
    /// An edit that needs no commit (repeated, or nothing to change) is acknowledged under the same conditions as one that does.
    /// </summary>
    public bool AnswerWithoutCommitIsAnEdit { get; init; } = true;

    /// <summary>Such an edit checks the slot's epoch, too.</summary>
    public bool AnswerWithoutCommitChecksEpoch { get; init; } = true;

    /// <summary>What is granted while an edit waits for a holder ends no later than the wait.</summary>
    public bool LentEntriesEnd { get; init; } = true;

    /// <summary>What was granted while an edit waited is revoked before the commit, if it has not ended by then.</summary>
    public bool LentEntriesAreRevoked { get; init; } = true;

    /// <summary>A client is not registered for an entry with an end of its own.</summary>
    public bool LentEntriesStayInTheSilo { get; init; } = true;

    // Revocations.

    /// <summary>A silo discards a response if the book was revoked after the request.</summary>
    public bool SiloDropsLateAnswers { get; init; } = true;

    /// <summary>A client discards such a response too.</summary>
    public bool ClientDropsLateAnswers { get; init; } = true;

    /// <summary>A silo acknowledges a revocation, or the end of its volume lease, only after its clients have.</summary>
    public bool ClientsAcknowledgeFirst { get; init; } = true;

    /// <summary>A repeated revocation waits for the client like the first one.</summary>
    public bool RepeatedRevokeWaits { get; init; } = true;

    /// <summary>Only the incarnation that is registered can acknowledge; the volume lease of a crashed one must end.</summary>
    public bool OnlyTheHolderAcknowledges { get; init; } = true;

    /// <summary>A silo says farewell when no client below it can answer any more.</summary>
    public bool FarewellWaitsForClients { get; init; } = true;

    /// <summary>Taking back a registration for want of memory occupies the book: edits wait for it.</summary>
    public bool RecallIsARound { get; init; } = true;

    /// <summary>A holder whose volume lease has ended without an acknowledgement begins the next generation.</summary>
    public bool LapseRaisesGeneration { get; init; } = true;

    /// <summary>A push is discarded if the book was revoked or released in between.</summary>
    public bool RevokeVoidsPush { get; init; } = true;

    /// <summary>A push is discarded if the silo has another generation by then.</summary>
    public bool PushNeedsItsGeneration { get; init; } = true;

    // Volume leases.

    /// <summary>The holder counts a volume lease from its request, not from the arrival of the response.</summary>
    public bool HolderCountsFromAsking { get; init; } = true;

    /// <summary>A renewal names the books whose revocation the holder has not confirmed.</summary>
    public bool RenewalNamesDrops { get; init; } = true;

    /// <summary>They are named again until the holder has confirmed them.</summary>
    public bool DropsStayNamedUntilConfirmed { get; init; } = true;

    /// <summary>An answer that named a book confirms only the revocations that had begun when it was sent.</summary>
    public bool ConfirmationsAreNumbered { get; init; } = true;

    /// <summary>Dropping what a renewal names is a revocation: responses on their way are discarded.</summary>
    public bool DropIsARevocation { get; init; } = true;

    /// <summary>An answer to another request than a renewal extends the volume lease only if there is nothing to drop.</summary>
    public bool AcquireExtendsOnlyWithoutDrops { get; init; } = true;

    /// <summary>What belongs to an earlier generation is refused.</summary>
    public bool FormerGenerationsAreRefused { get; init; } = true;

    /// <summary>A holder that gets a later generation suspends what it has.</summary>
    public bool LaterGenerationSuspends { get; init; } = true;

    /// <summary>A granter counts from its anchor what it grants.</summary>
    public bool LeaseCountsFromAnchor { get; init; } = true;

    // Grants.

    /// <summary>A row that was not read for the request is used only under a volume lease: what the owner knew without a read.</summary>
    public bool GrantFromKnowledgeNeedsLease { get; init; } = true;

    /// <summary>The same for a row whose read another request had begun.</summary>
    public bool SharedReadNeedsLease { get; init; } = true;

    /// <summary>A read that finds another row than the registered one has its holders revoked before it is granted.</summary>
    public bool ReadFindsOutOfBandWrites { get; init; } = true;

    /// <summary>A caller that joins a load answers only under a valid lease.</summary>
    public bool JoinerChecks { get; init; } = true;

    /// <summary>The lease of a load is checked and the answer is built in one step, so that no caller joins in between.</summary>
    public bool CheckAndAnswerInOneStep { get; init; } = true;

    /// <summary>A client is registered in the same step as the check of the silo's own lease.</summary>
    public bool CheckAndRegisterInOneStep { get; init; } = true;

    /// <summary>A holder shortens each lease by the drift that its clock may have.</summary>
    public bool DriftIsAllowedFor { get; init; } = true;

    // Releases.

    /// <summary>A release is ignored for a registration whose request was sent after it.</summary>
    public bool ReleaseIsNumbered { get; init; } = true;

    /// <summary>A release is ignored also for a registration by a commit, if it was sent before the acknowledgement.</summary>
    public bool AcknowledgementNamesRelease { get; init; } = true;

    /// <summary>A silo that sends a release discards responses that were requested before.</summary>
    public bool ReleaseVoidsAnswers { get; init; } = true;

    /// <summary>A silo does not release what a client below it is registered for.</summary>
    public bool ReleaseWaitsForClients { get; init; } = true;

    /// <summary>Nor what it is still revoking at a client.</summary>
    public bool ReleaseWaitsForRevocations { get; init; } = true;

    // The change feed.

    /// <summary>The anchor moves to the start of a read of the feed, not to its end.</summary>
    public bool AnchorIsTheStartOfTheRead { get; init; } = true;

    /// <summary>The anchor moves when the changes are worked off, not before.</summary>
    public bool FeedIsWorkedOffFirst { get; init; } = true;

    /// <summary>A changed row whose key is registered with another identity has its holders revoked.</summary>
    public bool FeedFindsOutOfBandWrites { get; init; } = true;

    /// <summary>Reads of a changed row that began before the change was worked off are not registered.</summary>
    public bool FeedVoidsReads { get; init; } = true;

    /// <summary>An edit does not grant its row if the feed has a newer one.</summary>
    public bool FeedOvertakesEdits { get; init; } = true;

    /// <summary>When the feed cannot be continued, edits wait until all volume leases have ended.</summary>
    public bool BrokenFeedHoldsEdits { get; init; } = true;

    // Epochs.

    /// <summary>A commit is refused if the slot has a higher epoch.</summary>
    public bool EpochChecksCommit { get; init; } = true;

    /// <summary>A read of the feed is refused if the slot has a higher epoch.</summary>
    public bool EpochChecksFeed { get; init; } = true;

    /// <summary>A silo that has heard of an epoch refuses what comes with a lower one.</summary>
    public bool SiloRefusesLowerEpochs { get; init; } = true;

    /// <summary>A silo that starts learns the epochs from the catalog before it uses anything.</summary>
    public bool NewSiloLearnsEpochs { get; init; } = true;

    /// <summary>A new owner has the silos end their volume leases, or waits one lease, before it commits.</summary>
    public bool NewOwnerIsCautious { get; init; } = true;

    /// <summary>It waits one lease from the moment at which it has raised the epoch, not from its activation.</summary>
    public bool NewOwnerWaitsFromTheRaise { get; init; } = true;

    /// <summary>If a silo left within the last lease, a new owner does not rely on the acknowledgements of the other silos alone.</summary>
    public bool CountsSilosThatLeft { get; init; } = true;

    /// <summary>After a commit of unknown outcome the owner raises its own epoch before it grants or edits the book.</summary>
    public bool UnknownOutcomeRaisesEpoch { get; init; } = true;
}
