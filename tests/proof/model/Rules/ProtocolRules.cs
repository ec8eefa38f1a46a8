namespace OrleansCache.Model.Rules;

/// <summary>
/// The rules of the lease protocol. Each can be switched off: a rule that can be removed without breaking a guarantee is either not needed
/// or not modelled. The defaults are the protocol.
/// </summary>
internal sealed record ProtocolRules
{
    /// <summary>An edit revokes all leases before it commits.</summary>
    public bool RevokeBeforeCommit { get; init; } = true;

    /// <summary>Catalog reads that are in flight when an edit begins are invalidated.</summary>
    public bool BeginVoidsReads { get; init; } = true;

    /// <summary>
    /// Catalog reads that are in flight when the commit is sent are invalidated too: in limited mode, reads begin during an edit.
    /// </summary>
    public bool CommitVoidsReads { get; init; } = true;

    /// <summary>A new owner has the slot's leases dropped, or waits one lease, before it commits.</summary>
    public bool NewOwnerIsCautious { get; init; } = true;

    /// <summary>What a new owner may grant before it may commit.</summary>
    public FirstGrants FirstGrants { get; init; } = FirstGrants.AtOnce;

    /// <summary>If a silo left within the last lease, a new owner does not rely on the acknowledgements of the other silos alone.</summary>
    public bool CountsSilosThatLeft { get; init; } = true;

    /// <summary>A silo discards a response if the book was revoked after the request.</summary>
    public bool SiloDropsLateAnswers { get; init; } = true;

    /// <summary>A client discards such a response too.</summary>
    public bool ClientDropsLateAnswers { get; init; } = true;

    /// <summary>A silo acknowledges a revocation only after its clients have.</summary>
    public bool ClientsAcknowledgeFirst { get; init; } = true;

    /// <summary>A repeated revocation waits for the client like the first one.</summary>
    public bool RepeatedRevokeWaits { get; init; } = true;

    /// <summary>A pushed lease counts from the holder's acknowledgement, not from the arrival of the push.</summary>
    public bool PushCountsFromRevoke { get; init; } = true;

    /// <summary>A push is discarded if the book was revoked again in between.</summary>
    public bool RevokeVoidsPush { get; init; } = true;

    /// <summary>The owner counts a lease from the start of the catalog read, not from its response.</summary>
    public bool OwnerCountsFromRead { get; init; } = true;

    /// <summary>The holder counts a lease from its request, not from the arrival of the response.</summary>
    public bool HolderCountsFromAsking { get; init; } = true;

    /// <summary>A row other than the one under lease is revoked everywhere before it is granted.</summary>
    public bool OutOfBandWriteIsAnEdit { get; init; } = true;

    /// <summary>
    /// An edit that needs no commit (repeated, or nothing to change) is acknowledged under the same conditions as one that does.
    /// </summary>
    public bool AnswerWithoutCommitIsAnEdit { get; init; } = true;

    /// <summary>After a limited lease was granted, acknowledgements do not bring the commit forward.</summary>
    public bool LimitedLeaseHoldsCommit { get; init; } = true;

    /// <summary>Only the incarnation that holds the lease can acknowledge; the lease of a crashed one must expire.</summary>
    public bool OnlyTheHolderAcknowledges { get; init; } = true;

    /// <summary>After an unknown outcome the row is fenced before anything is granted.</summary>
    public bool IndeterminateWritesAreFenced { get; init; } = true;

    /// <summary>A caller that joins a load answers only under a valid lease.</summary>
    public bool JoinerChecks { get; init; } = true;

    /// <summary>The lease of a load is checked and the answer is built in one step, so that no caller joins in between.</summary>
    public bool CheckAndAnswerInOneStep { get; init; } = true;

    /// <summary>A grant to a client is recorded in the same step as the check of the silo's own lease.</summary>
    public bool CheckAndRecordInOneStep { get; init; } = true;

    /// <summary>A holder shortens each lease by the drift that its clock may have.</summary>
    public bool DriftIsAllowedFor { get; init; } = true;
}
