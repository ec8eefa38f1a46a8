namespace OrleansCache.Model.State;

/// <summary>Whether a renewal names the book as one to be dropped.</summary>
internal enum Named : byte
{
    No,

    /// <summary>For a revocation after which there was another: it is dropped, but that confirms nothing.</summary>
    ForAnEarlierRevocation,
    Yes,
}

/// <summary>The answer in flight to a renewal; there is none if its lease has no number.</summary>
internal struct Renewal
{
    public VolumeLease Lease;
    public Named Drop;
}
