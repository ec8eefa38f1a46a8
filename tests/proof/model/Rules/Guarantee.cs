namespace OrleansCache.Model.Rules;

/// <summary>The guarantees that the model checks.</summary>
internal enum Guarantee : byte
{
    None,

    /// <summary>G1: a lookup that starts after an edit was acknowledged, or after a lookup that saw the edit, sees it.</summary>
    Coherent,

    /// <summary>G2: no answer is older than what was acknowledged, or written by SQL, one lease before the lookup started.</summary>
    Bounded,

    /// <summary>G7: no client sees an older version after a newer one.</summary>
    Monotonic,
}
