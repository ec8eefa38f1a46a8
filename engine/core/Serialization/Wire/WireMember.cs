namespace OrleansCache.Engine.Serialization;

/// <summary>What comes next in a group.</summary>
internal enum WireMember
{
    /// <summary>A value, with its id's distance from the previous one.</summary>
    Value,

    /// <summary>The members of a derived type; ids begin at zero again.</summary>
    NextLevel,

    /// <summary>The end of the group.</summary>
    End,
}
