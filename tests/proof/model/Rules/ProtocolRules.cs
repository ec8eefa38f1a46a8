namespace OrleansCache.Model.Rules;

/// <summary>
/// The rules of the lease protocol, each of which can be taken out, because a rule that the exploration does not miss is not needed or not
/// modelled. The defaults are the protocol.
/// </summary>
internal sealed record ProtocolRules
{
    /// <summary>An edit revokes at every holder before it commits.</summary>
    public bool RevokeBeforeCommit { get; init; } = true;

    /// <summary>Catalog reads in flight when an edit begins are void.</summary>
    public bool BeginVoidsReads { get; init; } = true;

    /// <summary>
    /// Catalog reads in flight when the commit is sent are void too: in limited mode reads begin while an edit is under way.
    /// </summary>
    public bool CommitVoidsReads { get; init; } = true;

    /// <summary>A new owner has the slot's leases dropped, or waits one lease, before it commits.</summary>
    public bool NewOwnerIsCautious { get; init; } = true;

    /// <summary>What a new owner may grant before it may commit.</summary>
    public FirstGrants FirstGrants { get; init; } = FirstGrants.AtOnce;

    /// <summary>A new owner does not trust the silos' acknowledgements alone when a silo left within the last lease.</summary>
    public bool CountsSilosThatLeft { get; init; } = true;

    /// <summary>A silo throws an answer away when the book was revoked since it asked.</summary>
    public bool SiloDropsLateAnswers { get; init; } = true;

    /// <summary>A client does so too.</summary>
    public bool ClientDropsLateAnswers { get; init; } = true;

    /// <summary>A silo acknowledges a revoke only when its clients have.</summary>
    public bool ClientsAcknowledgeFirst { get; init; } = true;

    /// <summary>A revoke that is repeated while the first one waits for a client waits for it too.</summary>
    public bool RepeatedRevokeWaits { get; init; } = true;

    /// <summary>A pushed lease counts from the holder's own revoke, not from when the push arrives.</summary>
    public bool PushCountsFromRevoke { get; init; } = true;

    /// <summary>A push is void when another revoke came between.</summary>
    public bool RevokeVoidsPush { get; init; } = true;

    /// <summary>The owner counts a lease from when the catalog read began, not from when it answers.</summary>
    public bool OwnerCountsFromRead { get; init; } = true;

    /// <summary>The holder counts a lease from before it asked, not from when the answer arrives.</summary>
    public bool HolderCountsFromAsking { get; init; } = true;

    /// <summary>A row that differs from what is under lease is revoked everywhere before it is granted.</summary>
    public bool OutOfBandWriteIsAnEdit { get; init; } = true;

    /// <summary>
    /// An edit that is answered without a commit (repeated, or nothing to change) is acknowledged under the same conditions as one with a
    /// commit.
    /// </summary>
    public bool AnswerWithoutCommitIsAnEdit { get; init; } = true;

    /// <summary>Once a limited lease was given, acknowledgements do not hasten the commit.</summary>
    public bool LimitedLeaseHoldsCommit { get; init; } = true;

    /// <summary>An acknowledgement counts only from the incarnation that holds the lease; one that is gone is waited for.</summary>
    public bool OnlyTheHolderAcknowledges { get; init; } = true;

    /// <summary>After an unknown outcome the row is fenced before anything is granted.</summary>
    public bool DoubtIsFenced { get; init; } = true;

    /// <summary>Whoever joins a load answers only under the lease that it got.</summary>
    public bool JoinerChecks { get; init; } = true;

    /// <summary>A load's lease is checked and its answer built in one step, so that nobody joins in between.</summary>
    public bool CheckAndAnswerInOneStep { get; init; } = true;

    /// <summary>A sub-lease is recorded in the step in which the silo's own lease was checked.</summary>
    public bool CheckAndRecordInOneStep { get; init; } = true;

    /// <summary>A holder takes away from each lease what its clock may be slow by.</summary>
    public bool DriftIsAllowedFor { get; init; } = true;
}
