namespace Orleans.Configuration;

/// <summary>The silo itself.</summary>
public class SiloOptions
{
    /// <summary>The silo's name, which the cluster's other members see. By default one is made up.</summary>
    public string SiloName { get; set; } = null!;
}
