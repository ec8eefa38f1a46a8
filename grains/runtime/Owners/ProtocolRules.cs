namespace OrleansCache.Owners;

/// <summary>
/// The rules on which the guarantees rest, each of which a test can take away to see that something breaks without it. Always all on
/// outside of tests: nothing reads them from a configuration.
/// </summary>
internal sealed record ProtocolRules
{
    /// <summary>An edit is committed only when nobody can be answered from the old copy any more.</summary>
    public bool RevokeBeforeCommit { get; init; } = true;

    /// <summary>A new owner does not commit before the leases of its predecessor have ended or were given back.</summary>
    public bool NewOwnerIsCautious { get; init; } = true;

    /// <summary>An answer to what was asked before the last revocation is thrown away.</summary>
    public bool LateAnswersAreThrownAway { get; init; } = true;

    /// <summary>A silo acknowledges a revocation only when its clients have.</summary>
    public bool AcknowledgeAfterClients { get; init; } = true;

    /// <summary>The lease on a new row counts from the holder's acknowledgement, and not from when the row arrives.</summary>
    public bool PushesCountFromAcknowledgement { get; init; } = true;

    /// <summary>A lease counts from the start of the catalog read that it rests on, and not from the answer.</summary>
    public bool LeasesCountFromReadStart { get; init; } = true;

    /// <summary>A row that was read for others is given only to those who came within a lease of the start of that read, with a lease on it or without.</summary>
    public bool SharedReadsAreRecent { get; init; } = true;

    /// <summary>A row that the owner did not write is revoked everywhere before it is granted.</summary>
    public bool OutOfBandWriteIsEdit { get; init; } = true;

    /// <summary>What a load brought is looked at again after the last wait, by whoever is answered with it; looking at it within the load is not enough.</summary>
    public bool CheckAndAnswerInOneStep { get; init; } = true;
}
