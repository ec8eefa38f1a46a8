namespace OrleansCache.Model.State;

/// <summary>A volume lease, as its holder has it or as an answer in flight brings it.</summary>
internal struct VolumeLease
{
    /// <summary>The epoch and the generation as one number (see <c>Protocol.Numbers</c>); 0: none.</summary>
    public byte Number;

    /// <summary>The remaining ticks of the holder's clock.</summary>
    public byte Left;
}
