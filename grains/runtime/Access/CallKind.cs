namespace OrleansCache.Access;

/// <summary>What a client's call needs.</summary>
internal enum CallKind
{
    /// <summary>It is between silos: no client may make it.</summary>
    Internal,

    /// <summary>Every client may make it.</summary>
    Open,

    /// <summary>It changes the cluster for everybody: an operator's.</summary>
    Operator,
}
