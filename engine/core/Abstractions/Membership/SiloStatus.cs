namespace Orleans.Runtime;

/// <summary>The stages of a silo's life.</summary>
public enum SiloStatus
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Made, not yet announced.</summary>
    Created = 1,

    /// <summary>Announced, not yet ready.</summary>
    Joining = 2,

    /// <summary>Ready: grains may be placed on it.</summary>
    Active = 3,

    /// <summary>Finishing its work: no new grains.</summary>
    ShuttingDown = 4,

    /// <summary>Stopping without finishing.</summary>
    Stopping = 5,

    /// <summary>Gone, for good.</summary>
    Dead = 6,
}
