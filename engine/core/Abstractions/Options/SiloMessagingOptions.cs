namespace Orleans.Configuration;

/// <summary>How calls travel to and from silos.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How many silos pass a request on before it is given up.</summary>
    public int MaxForwardCount { get; set; } = 2;
}
